/** `npm run contracts:diff -- --base main`: what is otherwise in contracts, and whom it breaks. */
import { workspaceRoot } from '@facet/dev';
import { diffCommand } from './command.js';

const { columns = 100, isTTY } = process.stdout;

process.exitCode = await diffCommand(process.argv.slice(2), {
  root: workspaceRoot,
  width: columns,
  isColoured: isTTY && process.env['NO_COLOR'] === undefined,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
