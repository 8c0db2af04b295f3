export { unboundedStrings } from './unbounded-strings.js';
