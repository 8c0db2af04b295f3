const LABEL = 9;

/** A label and a text that goes on below its own beginning, in lines of `width` characters. */
export function hanging(
  label: string,
  text: string,
  width: number,
  paint: (text: string) => string,
): readonly string[] {
  const room = Math.max(20, width - LABEL);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const lead = `${paint(label)}${' '.repeat(Math.max(1, LABEL - label.length))}`;
  return lines.map((line, index) => (index === 0 ? lead : ' '.repeat(LABEL)) + line);
}
