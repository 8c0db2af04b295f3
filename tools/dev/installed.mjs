/** Plain JavaScript for any Node: it runs where nothing has been installed yet, or not all of it. */
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import process from 'node:process';
import { root } from './root.mjs';

const modules = new URL('node_modules/', root);

/** Ends the process, in one line that says what to run, where the workspace cannot run from source. */
export function refuseIncompleteInstall() {
  const missing = missingInstall();
  if (missing === undefined) return;
  process.stderr.write(`${missing}\n`);
  process.exit(1);
}

function missingInstall() {
  if (!existsSync(new URL('@swc/core', modules))) return 'Nothing is installed yet: run npm ci';
  if (!existsSync(new URL('node/bin', modules)))
    return 'The install ran without its scripts, which bring Node and PostgreSQL: run npm rebuild';
  if (module.registerHooks !== undefined) return undefined;
  return `This is Node ${process.version}, too old to run TypeScript: start it with npm or npx, which use the workspace's own Node`;
}
