/** A list or an object as it is written, in JSON or in TypeScript. */
export interface Written {
  readonly text: string;
  /** Behind its opening bracket. */
  readonly open: number;
  /** Where each element's own text begins and ends. */
  readonly elements: readonly Span[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The file with one more element at that place; by default the last. Comments stay with the elements that they stand beside. */
export function withElement(list: Written, element: string, index = list.elements.length): string {
  const { text, open, elements } = list;
  const before = elements[index - 1];
  const { comma, end } =
    before === undefined ? { comma: true, end: lineEnd(text, open) } : tailOf(text, before);
  const gap = text[end] === '\n' ? '\n' : before === undefined ? '' : ' ';
  // As it is after the others: with a comma where there was one.
  const added = `${gap}${element}${elements.length > 0 && comma ? ',' : ''}`;
  return comma || before === undefined
    ? text.slice(0, end) + added + text.slice(end)
    : `${text.slice(0, before.end)},${text.slice(before.end, end)}${added}${text.slice(end)}`;
}

/** The file without an element, its comma, and the comments on its line and right above it. */
export function withoutElement({ text, open, elements }: Written, index: number): string {
  const element = elements[index];
  if (element === undefined) return text;
  const before = elements[index - 1];
  const from = before === undefined ? lineEnd(text, open) : tailOf(text, before).end;
  const apart = text.slice(from, element.start).lastIndexOf('\n\n');
  const { comma, end } = tailOf(text, element);
  const kept = text.slice(0, apart < 0 ? from : from + apart + 1);
  const rest = text.slice(end);
  const behind = before === undefined ? undefined : tailOf(text, before);
  if (comma || !behind?.comma) return kept + rest;
  // The last one now has no comma after it either.
  return kept.slice(0, behind.own - 1) + kept.slice(behind.own) + rest;
}

const BLOCK = String.raw`(?:[ \t]*/\*(?:(?!\*/)[^\n])*\*/)*[ \t]*`;

/** Behind an element: where its comma ends (`own`), and where the comments do that follow on its line (`end`). */
function tailOf(text: string, { end }: Span) {
  const own = new RegExp(`${BLOCK},`, 'y');
  own.lastIndex = end;
  const comma = own.test(text);
  const at = comma ? own.lastIndex : end;
  return { comma, own: at, end: lineEnd(text, at) };
}

/** Behind the comments after which a line ends; where more of the list follows on it, they belong to that. */
function lineEnd(text: string, at: number): number {
  const comments = new RegExp(`${BLOCK}(?://[^\\n]*)?(?=\\n)`, 'y');
  comments.lastIndex = at;
  return comments.test(text) ? comments.lastIndex : at;
}
