export { answer, servicesOf, type SpecAnswer } from './answers.js';
export { unboundedStrings } from './unbounded-strings.js';
export { VirtualClock } from '../virtual-clock.js';
