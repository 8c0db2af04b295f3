import { createSign, generateKeyPairSync } from 'node:crypto';

/** The name that the front has. */
export const HOST = 'shop.test';

/** A certificate that signs itself, for two days and this name: clients here are told to trust it and no other. */
export function makeCertificate(now = new Date()): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(COMMON_NAME, der(0x0c, Buffer.from(HOST)))));
  const day = 86_400_000;
  const validity = sequence(time(now.getTime() - day), time(now.getTime() + day));
  const names = sequence(der(0x82, Buffer.from(HOST)));
  const extensions = der(0xa3, sequence(sequence(ALTERNATIVE_NAME, der(0x04, names))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    sequence(ECDSA_SHA256),
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const whole = sequence(body, sequence(ECDSA_SHA256), der(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** A value of ASN.1: its tag, its length, itself. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => der(0x31, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const time = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/^..|[-:T]|\..*/g, '')}Z`));

const COMMON_NAME = oid('550403');
const ALTERNATIVE_NAME = oid('551d11');
const ECDSA_SHA256 = oid('2a8648ce3d040302');
