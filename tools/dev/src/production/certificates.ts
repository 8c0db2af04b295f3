import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a balancer serves, and what its clients have to trust. */
export interface Certificates {
  /** The certificate, what it is signed by, and its key: one PEM file, as HAProxy takes it. */
  readonly file: string;
  /** The authority that signed it, where it was made here. */
  readonly authority?: string;
}

/** Under which names the made one is valid: this machine's, and those by which containers and browsers know an issuer. */
const NAMES = 'DNS:localhost,DNS:identity.localhost,DNS:keycloak.localhost,IP:127.0.0.1,IP:::1';
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const DAYS = 90;

/**
 * An authority of this checkout and a certificate by it, for development; those that are there and valid are kept. Needs
 * `openssl`.
 *
 * @throws Error with what openssl says
 */
export function makeCertificates(folder: string): Certificates {
  const at = (name: string) => join(folder, name);
  const made = { file: at('server.pem'), authority: at('authority.pem') };
  if (existsSync(made.file) && faultOf(made.file, 'localhost') === undefined) return made;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  openssl(
    ...[
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      at('authority.key'),
      '-out',
      made.authority,
      '-days',
      String(DAYS),
    ],
    ...['-subj', '/CN=Facet development', '-addext', 'keyUsage=critical,keyCertSign'],
  );
  openssl(
    ...['req', '-new', ...KEY, '-keyout', at('server.key'), '-out', at('server.csr')],
    ...['-subj', '/CN=localhost', '-addext', `subjectAltName=${NAMES}`],
  );
  openssl(
    ...['x509', '-req', '-in', at('server.csr'), '-CA', made.authority, '-CAkey', at('authority.key')],
    ...['-CAcreateserial', '-copy_extensions', 'copy', '-days', String(DAYS), '-out', at('server.crt')],
  );
  const parts = ['server.crt', 'server.key'].map((name) => readFileSync(at(name), 'utf8'));
  writeFileSync(made.file, parts.join(''), { mode: 0o600 });
  return made;
}

/**
 * Refuses what a balancer could not serve, or its clients would not take.
 *
 * @throws Error with one line that names the file and what is wrong with it
 */
export function checkCertificate(file: string, name: string, now = new Date()): void {
  const fault = faultOf(file, name, now);
  if (fault !== undefined) throw new Error(`The certificate ${file} ${fault}`);
}

function faultOf(file: string, name: string, now = new Date()): string | undefined {
  let certificate: X509Certificate;
  let isItsKey: boolean;
  try {
    const pem = readFileSync(file, 'utf8');
    certificate = new X509Certificate(pem);
    isItsKey = certificate.checkPrivateKey(createPrivateKey(pem));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ENOENT') return 'is not there';
    return `cannot be read: ${message}; expected one PEM file with the certificate and its key`;
  }
  const { validFromDate: from, validToDate: to } = certificate;
  if (!isItsKey) return 'does not fit the key in the same file';
  if (to < now) return `expired on ${to.toISOString()}: renew it`;
  if (from > now) return `is not valid before ${from.toISOString()}: look at the clock of this machine`;
  if (certificate.checkHost(name) === undefined)
    return `is not for ${name}, only for ${certificate.subjectAltName ?? certificate.subject}`;
  return undefined;
}

function openssl(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status === 0) return;
  const why = error === undefined ? (stderr.trim().split('\n').at(-1) ?? '') : 'it is not installed';
  throw new Error(`No certificate can be made by openssl: ${why}`);
}
