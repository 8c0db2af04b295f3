export { MAX_DEPTH } from './bytes/skip.js';
export { CheckedReading, type Checked } from './checked.js';
export type { FirstOf, LeftToZod } from './contract/model.js';
export { compileReader, type AnswerReader, type ReaderDescription, type Reading } from './reader.js';
export { AnswerRefused, type RefusalCode } from './refusal.js';
