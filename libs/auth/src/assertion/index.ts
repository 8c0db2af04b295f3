export { createAssertCaller, gatewayCaller, type AssertionOptions } from './assert.js';
export { assertingVariables, assertionKey, assertionKeys, verifyingVariables } from './config.js';
export { generateAssertionKey, publicAssertionKeys } from './keys.js';
export { createVerifyCaller, type VerificationOptions } from './verify.js';
