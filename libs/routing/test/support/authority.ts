import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = '/usr/bin/openssl';

/** Whether this machine can make certificates; specs that need some say when they are skipped. */
export const hasOpenssl = existsSync(binary);

/** An authority of one's own, and a certificate from it for `name` and for nobody else. */
export function certificateFor(name: string): {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'facet-ca-'));
  const at = (file: string) => join(folder, file);
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync(binary, args, { cwd: folder });
    if (status !== 0) throw new Error(String(stderr));
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    writeFileSync(at('san'), `subjectAltName=DNS:${name}\n`);
    openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=own authority');
    openssl('req', ...newKey, '-keyout', 'key.pem', '-out', 'request', '-subj', `/CN=${name}`);
    openssl(
      ...['x509', '-req', '-in', 'request', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-extfile', 'san', '-out', 'cert.pem'],
    );
    const read = (file: string) => readFileSync(at(file), 'utf8');
    return { ca: read('ca.pem'), key: read('key.pem'), cert: read('cert.pem') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
