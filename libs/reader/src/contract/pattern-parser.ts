/** A regular expression without what is not regular: classes of characters, one after the other, or, and how often. */
export type Expression =
  | { readonly kind: 'class'; readonly characters: string }
  | { readonly kind: 'row'; readonly parts: readonly Expression[] }
  | { readonly kind: 'either'; readonly ways: readonly Expression[] }
  | { readonly kind: 'times'; readonly what: Expression; readonly min: number; readonly max: number };

/** A class, an escape that means characters, or a character that means itself. */
const CLASS =
  /\[\^?(?:\\.|[^\]\\])+\]|\\[dDwWsS]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^\w]|[^\\()[\]{}*+?|^$]/y;
const TIMES = /\{(\d+)(,(\d*))?\}|[*+?]/y;

/**
 * What is between `^` and `$` of a pattern; undefined where there is more to it: look-around, references, flags that
 * change what a class means, lazy counts, an alternative outside of a group.
 */
export function parsePattern({ source, flags }: RegExp): Expression | undefined {
  if (flags !== '' && flags !== 'u') return undefined;
  if (!source.startsWith('^') || !source.endsWith('$')) return undefined;
  const parser = new Parser(source);
  const row = parser.row();
  return parser.at === source.length - 1 ? row : undefined;
}

class Parser {
  at = 1;

  constructor(private readonly source: string) {}

  row(): Expression | undefined {
    const parts: Expression[] = [];
    while (!')|$'.includes(this.source.charAt(this.at))) {
      const part = this.#counted();
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return { kind: 'row', parts };
  }

  #counted(): Expression | undefined {
    const what = this.source.charAt(this.at) === '(' ? this.#group() : this.#class();
    if (what === undefined) return undefined;
    const found = this.#take(TIMES);
    if (found === undefined) return what;
    if ('?+'.includes(this.source.charAt(this.at))) return undefined;
    const [sign, least, range, most] = found;
    if (least === undefined) {
      return { kind: 'times', what, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
    }
    const max = range === undefined ? Number(least) : most === '' ? Infinity : Number(most);
    return { kind: 'times', what, min: Number(least), max };
  }

  #group(): Expression | undefined {
    this.at += this.source.startsWith('(?:', this.at) ? 3 : 1;
    const ways: Expression[] = [];
    for (;;) {
      if (this.source.charAt(this.at) === '?') return undefined;
      const way = this.row();
      if (way === undefined) return undefined;
      ways.push(way);
      const next = this.source.charAt(this.at++);
      if (next === ')') return { kind: 'either', ways };
      if (next !== '|') return undefined;
    }
  }

  #class(): Expression | undefined {
    const found = this.#take(CLASS);
    return found && { kind: 'class', characters: found[0] };
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.source) ?? undefined;
    if (found !== undefined) this.at = expression.lastIndex;
    return found;
  }
}
