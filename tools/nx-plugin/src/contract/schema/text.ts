/** Texts of a description in TypeScript, whatever they hold: none of them ends its place. */

/** As a string literal. */
export const literal = (value: unknown): string => JSON.stringify(value);

const LONGEST = 140;

/** The first sentence of a description on one line; undefined where there is none. */
export function sentenceOf(text: string | undefined): string | undefined {
  const line = (text ?? '')
    .slice(0, 2_000)
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
    // eslint-disable-next-line no-control-regex -- none of them is to get into a file
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  const [sentence = ''] = /^.*?[.!?](?= |$)/.exec(line) ?? [line];
  if (sentence === '') return undefined;
  const short =
    sentence.length <= LONGEST ? sentence : `${sentence.slice(0, LONGEST).replace(/\s\S*$/, '')} …`;
  return short.replace(/\.$/, '');
}

/** As a comment, with a line break behind it; nothing where there is nothing to say. */
export function comment(text: string | undefined): string {
  const said = sentenceOf(text)
    ?.replaceAll('*/', '* /')
    .replace(/^[@/*\s]+/, '');
  return said === undefined || said === '' ? '' : `/** ${said}. */\n`;
}

/** A pattern as a regular expression; undefined where JavaScript has none like it. */
export function patternOf(pattern: string): string | undefined {
  for (const flags of ['u', '']) {
    try {
      return String(new RegExp(pattern, flags));
    } catch {
      continue;
    }
  }
  return undefined;
}
