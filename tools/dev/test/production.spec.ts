import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { portVariable, readApps, workspaceRoot } from '../src/apps.js';
import { complaintOf } from '../src/production/balancer.js';
import { checkCertificate, makeCertificates } from '../src/production/certificates.js';
import { hasHaproxy, haproxySettings } from '../src/production/haproxy.js';
import { listenOnce } from './workspace-copy.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const isWhole = ['identity', 'web-bff', 'mobile-bff', 'partner-bff'].every((name) =>
  existsSync(join(workspaceRoot, 'apps', name)),
);
const lacks = [...(hasHaproxy ? [] : ['haproxy']), ...(hasOpenssl ? [] : ['openssl'])];
const why =
  lacks.length > 0
    ? ` (skipped: no ${lacks.join(', no ')})`
    : isWhole
      ? ''
      : ' (skipped: the samples are gone)';
const given = why === '' ? describe : describe.skip;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** `npm start -- --production` of this workspace. */
function start(env: Readonly<Record<string, string>>) {
  const { PATH, HOME, TMPDIR } = process.env;
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', './tools/dev/register.mjs', 'tools/dev/src/start.ts', '--production'],
    { cwd: workspaceRoot, env: { PATH, HOME, TMPDIR, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (output += data.toString()));
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  cleanups.push(async () => {
    child.kill('SIGINT');
    await exitCode;
  });
  return {
    child,
    exitCode,
    output: () => output,
  };
}

/** A port each, with the two after it for the admin port and for what is behind the balancer. */
async function freePorts(): Promise<Readonly<Record<string, string>>> {
  const ports: Record<string, string> = {};
  let port = 20_000 + Math.floor(Math.random() * 8_000);
  for (const { name } of readApps()) {
    while (!(await areFree(port))) port += 3;
    ports[portVariable(name)] = String(port);
    port += 3;
  }
  return ports;
}

const areFree = (port: number) =>
  Promise.all([port, port + 1, port + 2].map((each) => listenOnce(each))).then(
    () => true,
    () => false,
  );

given(`npm start -- --production${why}`, () => {
  test.each([
    [
      { TRUSTED_PROXIES: '10.0.0.0/8' },
      'TRUSTED_PROXIES is "10.0.0.0/8", which leaves out the balancer: add 127.0.0.1',
    ],
    [
      { TRUSTED_PROXIES: 'all' },
      'TRUSTED_PROXIES is "all"; expected addresses or networks with commas between',
    ],
    [
      { ISSUER_URL: 'https://issuer.example' },
      'OIDC_CLIENT_SECRET is not set; expected the secret that https://issuer.example gave',
    ],
    [
      { ISSUER_URL: 'http://issuer.example' },
      'ISSUER_URL is "http://issuer.example"; expected an address that begins with https://',
    ],
    [
      { ISSUER_URL: 'https://issuer.example', OIDC_CLIENT_SECRET: 'web-bff-secret-in-development' },
      "OIDC_CLIENT_SECRET is development's; expected the secret that",
    ],
    [{ TLS_CERTIFICATE: '/nowhere/server.pem' }, 'The certificate /nowhere/server.pem is not there'],
  ])(
    'with %j says in one line what is wrong, and starts nothing',
    async (env, message) => {
      const running = start({ ...(await freePorts()), ...(env as Record<string, string>) });
      expect(await running.exitCode).toBe(1);
      expect(running.output().trim().split('\n')).toEqual([expect.stringContaining(message)]);
    },
    60_000,
  );
});

(hasOpenssl ? describe : describe.skip)(
  `the certificate of a balancer${hasOpenssl ? '' : ' (skipped: no openssl)'}`,
  () => {
    let made = '';
    const at = (name: string) => join(made, name);
    beforeAll(() => {
      made = mkdtempSync(join(tmpdir(), 'facet-certificates-'));
      makeCertificates(made);
      makeCertificates(at('other'));
    });
    afterAll(() => rmSync(made, { recursive: true, force: true }));

    test('is made once, for this machine, and kept while it is valid', () => {
      const before = readFileSync(at('server.pem'), 'utf8');
      expect(() => checkCertificate(at('server.pem'), 'localhost')).not.toThrow();
      expect(() => checkCertificate(at('server.pem'), 'identity.localhost')).not.toThrow();
      makeCertificates(made);
      expect(readFileSync(at('server.pem'), 'utf8')).toBe(before);
    });

    test.each([
      ['expired', new Date(Date.now() + 91 * 86_400_000), /server\.pem expired on \d{4}-.*: renew it$/],
      ['not valid yet', new Date(0), /server\.pem is not valid before \d{4}-.*: look at the clock/],
    ])('is refused in one line where it is %s', (_, now, message) => {
      expect(() => checkCertificate(at('server.pem'), 'localhost', now)).toThrow(message);
    });

    test('is refused in one line where it is of another name, without its key, or no certificate', () => {
      expect(() => checkCertificate(at('server.pem'), 'shop.example')).toThrow(
        /server\.pem is not for shop\.example, only for DNS:localhost/,
      );
      const mixed = readFileSync(at('server.crt'), 'utf8') + readFileSync(at('other/server.key'), 'utf8');
      writeFileSync(at('mixed.pem'), mixed);
      expect(() => checkCertificate(at('mixed.pem'), 'localhost')).toThrow(/mixed\.pem does not fit the key/);
      writeFileSync(at('bare.pem'), readFileSync(at('server.crt')));
      expect(() => checkCertificate(at('bare.pem'), 'localhost')).toThrow(
        /bare\.pem cannot be read: .*expected one PEM file/,
      );
      writeFileSync(at('text.pem'), 'hello');
      expect(() => checkCertificate(at('text.pem'), 'localhost')).toThrow(/text\.pem cannot be read/);
    });

    (hasHaproxy ? test : test.skip)(
      'is served with settings that HAProxy takes, and a wrong one in a line',
      () => {
        const frontends = [
          {
            name: 'web-bff',
            bind: '127.0.0.1:3000',
            instances: [{ address: '127.0.0.1:3002', admin: '127.0.0.1:3001' }],
          },
        ];
        writeFileSync(at('haproxy.cfg'), haproxySettings({ frontends, certificate: at('server.pem') }));
        expect(complaintOf(at('haproxy.cfg'))).toBeUndefined();
        writeFileSync(at('haproxy.cfg'), haproxySettings({ frontends, certificate: at('text.pem') }));
        expect(complaintOf(at('haproxy.cfg'))).toMatch(/text\.pem/);
      },
    );
  },
);
