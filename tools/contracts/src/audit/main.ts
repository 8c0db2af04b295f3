/** `npm run audit:routes`: holds the routes of gateways against rules. */
import { auditCommand } from './command.js';
import { terminal } from '../terminal/terminal.js';

process.exitCode = auditCommand(process.argv.slice(2), terminal());
