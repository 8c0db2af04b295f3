import type { RequestContext } from '../request/context.js';
import type { Ending } from '../request/ending.js';
import { readRecord } from './read.js';
import type { RequestRecord } from './record.js';

/** Who reads the records of finished requests. */
export interface RecordReader {
  /** Whether it wants the record of a request that has ended; nothing of it is built before. */
  wants(request: RequestContext, ending: Ending): boolean;
  read(record: RequestRecord): void;
  /** Whether services are to be asked for their own times (queue, handler, SQL) of every request. */
  readonly wantsServerTimes: boolean;
  /** Whether each attempt is to have the id of a span, which the service is told. */
  readonly wantsSpans?: boolean;
}

/** Builds the record of a request for its readers, once. Without readers it costs one comparison for a request. */
export class Recorder {
  #readers: readonly RecordReader[] = [];
  /** Whether services are asked for their own times of requests that begin now. */
  wantsServerTimes = false;
  /** Whether attempts of requests that begin now have spans of their own. */
  wantsSpans = false;

  constructor(readonly gateway: string) {}

  /** Adds a reader; the function it gives back takes it away again. */
  add(reader: RecordReader): () => void {
    this.#set([...this.#readers, reader]);
    return () => this.#set(this.#readers.filter((each) => each !== reader));
  }

  /** The record of a request as far as it has come. */
  read(request: RequestContext): RequestRecord {
    return readRecord(this.gateway, request);
  }

  finished(request: RequestContext, ending: Ending): void {
    if (this.#readers.length === 0) return;
    const wanting = this.#readers.filter((each) => each.wants(request, ending));
    if (wanting.length === 0) return;
    const record = readRecord(this.gateway, request, ending);
    for (const reader of wanting) reader.read(record);
  }

  #set(readers: readonly RecordReader[]): void {
    this.#readers = readers;
    this.wantsServerTimes = readers.some((each) => each.wantsServerTimes);
    this.wantsSpans = readers.some((each) => each.wantsSpans === true);
  }
}
