export { createAssertCaller, type AssertionOptions } from './assert.js';
export {
  assertCallers,
  assertingVariables,
  developmentKey,
  speakAs,
  verifyCallers,
  verifyingVariables,
} from './config.js';
export { generateAssertionKey, publicAssertionKeys } from './keys.js';
export { createVerifyCaller, type VerificationOptions } from './verify.js';
