#!/usr/bin/env node
/** `npm run clients`: the documents and clients of all gateways; `-- web-bff` of one; `-- --check` writes nothing. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readApps, workspaceRoot } from '@facet/dev';
import { filesOf } from './make.js';
import { clientFolder } from './package-files.js';

/** The workspace that it is called in, as npm and generators do; else the one that this package is a part of. */
const root = existsSync(join(process.cwd(), 'nx.json')) ? process.cwd() : workspaceRoot;

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: 'boolean' } },
  });
  const isThere = (file: string) => existsSync(join(root, file));
  const news = chosen(positionals).filter((gateway) => !isThere(clientFolder(gateway)));
  const stale: string[] = [];
  for (const gateway of chosen(positionals)) {
    const files = Object.entries(await filesOf(gateway, root));
    const changed = files.filter(([file, text]) => !isThere(file) || read(file) !== text);
    stale.push(...changed.map(([file]) => file));
    if (values.check !== true) for (const [file, text] of changed) write(file, text);
  }
  if (values.check === true && stale.length > 0)
    throw new Error(`${stale.join(', ')}: not what the gateway says of itself. Run: npm run clients`);
  process.stdout.write(
    `${stale.map((file) => `${file}\n`).join('') || 'All clients are as their gateways are.\n'}`,
  );
  if (news.length > 0 && values.check !== true)
    process.stdout.write('\nA package is new: run npm install, and npx nx sync.\n');
}

function chosen(names: readonly string[]): readonly string[] {
  const gateways = readApps(root)
    .filter(({ kind }) => kind === 'gateway')
    .map(({ name }) => name);
  const unknown = names.find((name) => !gateways.includes(name));
  if (unknown !== undefined)
    throw new Error(`there is no gateway "${unknown}"; there are ${gateways.join(', ')}`);
  return names.length === 0 ? gateways : names;
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

function write(file: string, text: string): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
