import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { addresses, ConfigError, flag, loadConfig, processVariables, whole } from './config.js';

const schema = z.object({
  ...processVariables({ port: 3000, adminPort: 3001 }),
  DATABASE_URL: z.url('expected the address of a PostgreSQL server'),
  API_KEY: z.string().min(20, 'expected at least 20 characters'),
  CACHE: flag(true),
  WORKERS: whole({ min: 1, max: 8, byDefault: 2 }),
});
const good = { DATABASE_URL: 'postgres://localhost/x', API_KEY: 'k'.repeat(20) };

function refused(env: Record<string, string>): ConfigError {
  try {
    loadConfig('web-bff', schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

describe('the configuration', () => {
  test('has a default for everything that need not be said', () => {
    expect(loadConfig('web-bff', schema, good)).toMatchObject({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 3000,
      ADMIN_PORT: 3001,
      LOG_LEVEL: 'info',
      CACHE: true,
      WORKERS: 2,
    });
  });

  test('turns text into numbers and truth values', () => {
    const config = loadConfig('web-bff', schema, { ...good, PORT: '0', CACHE: 'false', WORKERS: '8' });
    expect([config.PORT, config.CACHE, config.WORKERS]).toEqual([0, false, 8]);
  });

  test('counts a variable that is set to nothing as not set', () => {
    expect(loadConfig('web-bff', schema, { ...good, PORT: '' }).PORT).toBe(3000);
  });

  test('takes no white space at either end for a part of a value, as files with secrets have it', () => {
    const text = {
      ...good,
      API_KEY: `${good.API_KEY}\n`,
      HOST: ' ::1 ',
      LOG_LEVEL: 'debug\r\n',
      WORKERS: '\t3\n',
    };
    expect(loadConfig('web-bff', schema, { ...text, PORT: ' \n' })).toMatchObject({
      ...{ API_KEY: good.API_KEY, HOST: '::1', LOG_LEVEL: 'debug', WORKERS: 3, PORT: 3000 },
    });
    expect(refused({ ...good, API_KEY: ' \n' }).message).toContain('API_KEY');
  });

  test('names every fault at once: the variable, what it is, and what is expected', () => {
    const error = refused({ ...good, PORT: '70000', WORKERS: '0x2', LOG_LEVEL: 'loud' });
    expect(error.faults.map(({ variable, got }) => [variable, got])).toEqual([
      ['PORT', '"70000"'],
      ['LOG_LEVEL', '"loud"'],
      ['WORKERS', '"0x2"'],
    ]);
    expect(error.message).toContain('web-bff cannot start: 3 settings');
    expect(error.message).toContain('expected a whole number from 0 to 65535');
  });

  test('says which variable is not set at all', () => {
    expect(refused({ API_KEY: good.API_KEY }).message).toContain(
      'DATABASE_URL  is not set; expected the address of a PostgreSQL server',
    );
  });

  test('never shows what a secret is set to, nor an address that may hold a password', () => {
    const { message } = refused({ DATABASE_URL: 'not://a url with hunter2', API_KEY: 'too-short-secret' });
    expect(message).toContain('API_KEY');
    expect(message).not.toContain('too-short-secret');
    expect(message).not.toContain('hunter2');
  });
});

describe('a list of addresses', () => {
  const only = z.object({ AT: addresses('127.0.0.1:4020') });
  const parse = (value?: string) => loadConfig('x', only, { AT: value }).AT;

  test('is split at commas and has a default', () => {
    expect(parse()).toEqual(['127.0.0.1:4020']);
    expect(parse('a.example:1, [::1]:65535')).toEqual(['a.example:1', '[::1]:65535']);
  });

  test.each(['a.example', 'a.example:', 'a.example:0', 'a.example:65536', 'a:1,', 'http://a:1', '::1:80'])(
    'refuses %s',
    (value) => {
      expect(() => parse(value)).toThrow('expected host:port');
    },
  );
});
