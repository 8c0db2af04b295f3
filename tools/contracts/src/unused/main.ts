/** `npm run contracts:unused -- --prometheus URL`: which deprecated routes and fields may go. */
import { terminal } from '../terminal/terminal.js';
import { unusedCommand } from './command.js';

process.exitCode = await unusedCommand(process.argv.slice(2), terminal());
