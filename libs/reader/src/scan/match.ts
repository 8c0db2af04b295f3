/** The expression that is true where `text` (ASCII or not) stands at a position: four bytes at a time, as numbers. */
export function isText(text: string, at: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length < 4) {
    return [...bytes].map((byte, offset) => `bytes[${at} + ${offset}] === ${byte}`).join(' && ');
  }
  const tests: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 4) {
    const from = Math.min(offset, bytes.length - 4);
    tests.push(`view.getInt32(${at} + ${from}, true) === ${bytes.readInt32LE(from)}`);
  }
  return tests.join(' && ');
}

/** The same for a key with its colon and what stands before it, at `p`: a brace, a comma, or what belongs there. */
export function isLabel(label: string, lead: '{' | ',' | 'either'): string {
  if (lead !== 'either') return isText(lead + label, 'p');
  return `bytes[p] === (any ? 44 : 123) && ${isText(label, 'p + 1')}`;
}
