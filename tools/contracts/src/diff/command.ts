import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contractDocuments, contractFolders } from '../documents/contracts.js';
import { describeGateways, gatewayDocuments } from '../documents/gateways.js';
import { Base, parse, UsageError } from './base.js';
import { findChanges, type Documents } from './find.js';
import type { Terminal } from '../terminal/terminal.js';
import { markdownReport, textReport, verdictOf, type Report } from './report.js';

const HELP = `npm run contracts:diff -- --base main [--markdown] [--as-committed]

Says what is otherwise in the contracts of services and in the documents of gateways than at a commit: what changed, whom it
breaks, by which rule. Exit code 1 where something breaks that no version and no deprecation covers.

--base COMMIT    a branch, a tag or a commit
--markdown       for a pull request
--as-committed   reads contract.json and openapi.json instead of making them from the source
`;

/** Runs the command; the exit code is 1 where something breaks, 2 where it was asked wrongly. */
export async function diffCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`${error.message.split('\n')[0]}\n`);
    return 2;
  }
}

async function run(args: readonly string[], { root, width, isColoured, out }: Terminal): Promise<number> {
  const options = read(args);
  if (options.help === true) {
    out(HELP);
    return 0;
  }
  if (options.base === undefined) throw new UsageError('name what to compare with: --base main');
  const base = new Base(root, options.base);
  const { documents: next, broken } = options['as-committed'] === true ? committed(root) : await made(root);
  const missing = broken.map(([path]) => path);
  const today = new Date().toISOString().slice(0, 10);
  const sections = findChanges({ root, base, next, missing, today });
  const report: Report = { base: base.name, sections, broken: broken.map(([, says]) => says) };
  out(options.markdown === true ? markdownReport(report) : textReport(report, { width, isColoured }));
  return broken.length > 0 || verdictOf(report).breaking > 0 ? 1 : 0;
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        base: { type: 'string' },
        markdown: { type: 'boolean' },
        'as-committed': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

interface Next {
  readonly documents: Documents;
  /** Documents that cannot be made, and why. */
  readonly broken: readonly (readonly [path: string, says: string])[];
}

async function made(root: string): Promise<Next> {
  const [contracts, described] = await Promise.all([contractDocuments(root), describeGateways(root)]);
  const texts = [
    ...contracts,
    ...described.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text] as const])),
  ];
  return {
    documents: new Map(texts.map(([path, text]) => [path, parse(text, path)])),
    broken: described.flatMap(({ path, fault }) => (fault === undefined ? [] : [[path, fault] as const])),
  };
}

function committed(root: string): Next {
  const contracts = contractFolders(root).map((folder) => `${folder}/contract.json`);
  const texts = [...contracts, ...gatewayDocuments(root)]
    .filter((path) => existsSync(join(root, path)))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
  return { documents: new Map(texts.map(([path, text]) => [path, parse(text, path)])), broken: [] };
}
