import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { haproxySettings, type Balancer } from './haproxy.js';
import { startTool, type Tool } from './tool.js';

/** Says in one line what HAProxy has against the settings in the file. Undefined where nothing. */
export function complaintOf(file: string): string | undefined {
  const { status, stderr, stdout } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const lines = `${stderr}${stdout}`.split('\n').filter((line) => /ALERT|error/i.test(line));
  return (lines[0] ?? 'it does not say why').replace(/^\[ALERT\]\s*\(\d+\)\s*:\s*/, '');
}

/**
 * Writes the settings to `file` and runs HAProxy with them.
 *
 * @throws Error with one line where HAProxy does not take them
 */
export function startBalancer(balancer: Balancer, { file, log }: { file: string; log: string }): Tool {
  writeFileSync(file, haproxySettings(balancer), { mode: 0o600 });
  const complaint = complaintOf(file);
  if (complaint !== undefined) throw new Error(`HAProxy does not start: ${complaint}`);
  return startTool('haproxy', ['-db', '-f', file], log);
}

/** The names of the instances that HAProxy sends requests to, `web-bff-1`, as it says on its socket. */
export async function instancesInRotation(socket: string): Promise<readonly string[]> {
  const rows = (await ask(socket, 'show stat')).split('\n').map((line) => line.split(','));
  const status = rows[0]?.indexOf('status') ?? -1;
  return rows.flatMap((row) =>
    row[status]?.startsWith('UP') === true && row[1] !== 'BACKEND' ? [row[1] ?? ''] : [],
  );
}

function ask(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: Buffer[] = [];
    connect(path, function (this: ReturnType<typeof connect>) {
      this.write(`${command}\n`);
    })
      .on('data', (data: Buffer) => said.push(data))
      .once('error', reject)
      .once('end', () => resolve(Buffer.concat(said).toString()));
  });
}
