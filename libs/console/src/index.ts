export { openConsole, type ConsoleOptions } from './console.js';
