import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestDatabase } from '@facet/database';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { portVariable, readApps, workspaceRoot } from '../src/apps.js';
import { complaintOf } from '../src/production/balancer.js';
import { checkCertificate, makeCertificates } from '../src/production/certificates.js';
import { hasHaproxy, haproxySettings, HSTS } from '../src/production/haproxy.js';
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
    async until(pattern: RegExp) {
      while (!pattern.test(output)) {
        if (child.exitCode !== null) throw new Error(`it ended without ${pattern}:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
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

const authority = join(workspaceRoot, '.facet/production/certificates/authority.pem');

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function get(url: string, headers: Record<string, string> = {}, body?: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    request(url, { ca: readFileSync(authority), headers, method }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (data: Buffer) => pieces.push(data));
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(pieces).toString(),
        }),
      );
    })
      .once('error', reject)
      .end(body);
  });
}

given(`npm start -- --production${why}`, () => {
  test('runs what was built behind TLS, with none of what development shows or takes', async () => {
    const database = await startTestDatabase();
    cleanups.push(() => database.stop());
    const ports = await freePorts();
    const at = (app: string, more = 0) => Number(ports[portVariable(app)]) + more;
    const running = start({ ...ports, DATABASE_URL: database.url });
    await running.until(/All is up in [\d.]+ s/);
    const web = `https://localhost:${at('web-bff')}`;

    // What development has as well, over TLS, with its header, by HTTP/2.
    const home = await get(`${web}/api/home`);
    expect([home.status, home.headers['strict-transport-security']]).toEqual([200, HSTS]);
    const session = connectHttp2(web, { ca: readFileSync(authority) });
    cleanups.push(() => session.destroy());
    await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
    expect(session.alpnProtocol).toBe('h2');
    session.destroy();

    // Nothing that is for developers.
    expect((await get(`${web}/docs`)).status).toBe(404);
    expect((await get(`${web}/openapi.json`)).status).toBe(404);
    expect((await get(`${web}/api/home?explain=1`)).status).toBe(403);
    expect((await fetch(`http://127.0.0.1:${at('web-bff', 1)}/console`)).status).toBe(404);

    // A browser is sent to the issuer by the address that it has outside, and gets a cookie for TLS alone.
    const login = await get(`${web}/auth/login`);
    expect(login.headers.location).toMatch(
      new RegExp(`^https://localhost:${at('identity')}/auth\\?.*redirect_uri=${encodeURIComponent(web)}`),
    );
    expect(String(login.headers['set-cookie'])).toMatch(/__Host-.*Secure/);

    // The partner's secret of development is not known here; the site's own is, as the printed call takes it.
    const asked =
      'grant_type=client_credentials&client_id=partner&client_secret=partner-secret-in-development';
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const refused = await get(`https://localhost:${at('identity')}/token`, form, asked);
    expect([refused.status, refused.body]).toEqual([401, expect.stringContaining('invalid_client')]);
    const [call = ''] = running
      .output()
      .split('\n')
      .filter((line) => line.includes('token --'));
    const partner = spawnSync('/bin/sh', ['-c', `${call} --retry 10 --retry-delay 1`], {
      cwd: workspaceRoot,
      encoding: 'utf8',
    });
    expect(partner.stdout).toContain('"items"');

    running.child.kill('SIGINT');
    expect(await running.exitCode).toBe(0);
    for (const port of Object.values(ports).map(Number)) expect(await areFree(port)).toBe(true);
  }, 420_000);

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
