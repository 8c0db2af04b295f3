import { isAscii, isUtf8 } from 'node:buffer';
import { scratchWith } from './bytes/scratch.js';
import type { Node } from './contract/model.js';
import { cut, type Walk } from './scan/compile.js';
import { Scanner } from './scan/scanner.js';
import { textSink } from './scan/text-sink.js';
import { valueSink } from './scan/value-sink.js';

/** A walk uses memory that is there once: a check of a contract that itself reads an answer has it read the other way. */
let isWalking = false;

/**
 * Reads an answer from its bytes, in one walk that was compiled for its contract, for what is read of it and for the
 * order in which its service writes keys. It knows only compact JSON, plain numbers, UTF-8 and orders that it has learnt.
 * Whatever else comes it does not judge.
 */
export class CompiledReading {
  readonly #scanner: Scanner;

  constructor(
    node: Node,
    private readonly isOpaque: boolean,
  ) {
    this.#scanner = new Scanner(node, isOpaque ? textSink : valueSink);
  }

  /** What is read; undefined where the answer is not as those before, be it good or bad. */
  read(body: Buffer): unknown {
    if (isWalking) return undefined;
    const isPlain = isAscii(body);
    if (!isPlain && !isUtf8(body)) return undefined;
    isWalking = true;
    try {
      return this.#walk(body, isPlain);
    } finally {
      isWalking = false;
    }
  }

  /** An answer that was not as those before, and is good: the next one like it will be read. */
  learn(answer: unknown): void {
    this.#scanner.learn(answer);
  }

  #walk(body: Buffer, isPlain: boolean): unknown {
    const { walks } = this.#scanner;
    for (let index = 0; index < walks.length; index++) {
      const { compiled } = walks[index] as (typeof walks)[number];
      const taken = this.isOpaque ? textBy(compiled, body, isPlain) : valueBy(compiled, body);
      if (taken === undefined) continue;
      this.#scanner.fitted(index);
      return taken;
    }
    return undefined;
  }
}

function valueBy(compiled: Walk, body: Buffer): unknown {
  const { bytes, view } = scratchWith(body);
  const end = compiled.walk(bytes, view, bytes.toString('latin1', 0, body.length));
  const value = compiled.take();
  return end === body.length ? value : undefined;
}

function textBy(compiled: Walk, body: Buffer, isPlain: boolean): string | undefined {
  const { bytes, view } = scratchWith(body);
  cut.begin(bytes, view);
  if (compiled.walk(bytes, view, '') !== body.length) return undefined;
  return bytes.toString(isPlain ? 'latin1' : 'utf8', 0, cut.finish(body.length));
}
