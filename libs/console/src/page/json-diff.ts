/** Two JSON values line by line. */
export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new' | 'folded';
  readonly text: string;
}

/** So many lines are compared at most; further ones would say the same again. */
const MOST = 800;

/** The lines of both, those that only one has marked: the longest common sequence. */
export function diffOf(before: unknown, after: unknown): readonly DiffLine[] {
  const old = linesOf(before);
  const fresh = linesOf(after);
  const lengths = commonLengths(old, fresh);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [left, right] = [old[i], fresh[j]];
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (
      right === undefined ||
      (left !== undefined && at(lengths, i + 1, j) >= at(lengths, i, j + 1))
    ) {
      lines.push({ kind: 'gone', text: left ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'new', text: right });
      j += 1;
    }
  }
  return lines;
}

function at(lengths: readonly Uint16Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

function commonLengths(old: readonly string[], fresh: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as Uint16Array;
      row[j] =
        old[i] === fresh[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

/** Without the commas at the ends of lines, which would make equal lines differ. */
function linesOf(value: unknown): readonly string[] {
  const text = JSON.stringify(value, null, 2) ?? '';
  return text
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .slice(0, MOST);
}

/** Of what is the same, so many lines stay beside a difference. */
const CONTEXT = 3;

/** Puts one line in the place of many that are the same. */
export function folded(lines: readonly DiffLine[]): readonly DiffLine[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same'),
  );
  const result: DiffLine[] = [];
  let hidden = 0;
  const fold = () => {
    if (hidden > 0) result.push({ kind: 'folded', text: `… ${hidden} lines as in the whole answer` });
    hidden = 0;
  };
  lines.forEach((line, index) => {
    if (isNear[index] !== true) return void (hidden += 1);
    fold();
    result.push(line);
  });
  fold();
  return result;
}
