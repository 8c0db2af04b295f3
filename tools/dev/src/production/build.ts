import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot, type App } from '../apps.js';

/**
 * Compiles the apps and what they import into `dist`, as the Dockerfile does; what has not changed is left as it is.
 *
 * @throws Error with the first complaint of the compiler
 */
export async function buildApps(apps: readonly App[]): Promise<void> {
  const projects = apps
    .map(({ name }) => join(workspaceRoot, 'apps', name, 'tsconfig.lib.json'))
    .filter((file) => existsSync(file));
  const child = spawn(process.execPath, [compiler(), '--build', ...projects], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => said.push(data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code === 0) return;
  const complaint = Buffer.concat(said).toString().split('\n', 1)[0];
  throw new Error(`The workspace cannot be built: ${complaint}`);
}

const compiler = (): string => join(workspaceRoot, 'node_modules', 'typescript', 'bin', 'tsc');
