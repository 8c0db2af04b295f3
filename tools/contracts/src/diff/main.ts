/** `npm run contracts:diff -- --base main`: what is otherwise in contracts, and whom it breaks. */
import { terminal } from '../terminal/terminal.js';
import { diffCommand } from './command.js';

process.exitCode = await diffCommand(process.argv.slice(2), terminal());
