export { default } from './tools/dev/jest-preset.mjs';
