import { describe, expect, test } from '@jest/globals';
import { createLogger, lineWriter, nestLogger, setLevel } from './logger.js';

function logged(use: (logger: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = [];
  use(
    createLogger({ name: 'spec', level: 'debug', destination: { write: (line) => void lines.push(line) } }),
  );
  return { text: lines.join(''), lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the log', () => {
  test('takes secrets out, however deep they lie and however they are spelt', () => {
    const { text } = logged((logger) =>
      logger.info({
        headers: { Authorization: 'Bearer s3cret-a', cookie: 'id=s3cret-b', 'x-api-key': 's3cret-c' },
        body: {
          user: { newPassword: 's3cret-d', tokens: { access_token: 's3cret-e', refreshToken: 's3cret-f' } },
        },
        list: [{ clientSecret: 's3cret-g' }],
      }),
    );
    expect(text).not.toContain('s3cret');
    expect(text.match(/\[redacted\]/g)).toHaveLength(7);
  });

  test('takes secrets and credentials out of flat lines too', () => {
    const { text, lines } = logged((logger) => {
      logger.info({ token: 's3cret-a', route: '/x' }, 'flat');
      logger.info({ route: 'redis://user:s3cret-b@db' }, 'asked with DPoP s3cret-ccccc');
      logger.info({ route: '/x', status: 200 }, 'plain');
    });
    expect(text).not.toContain('s3cret');
    expect(lines[2]).toMatchObject({ route: '/x', status: 200, msg: 'plain' });
  });

  test('writes plain lines to the same place, at the same level, as they are', () => {
    const { lines } = logged((logger) => {
      const write = lineWriter(logger);
      write('"route":"GET /v1/home","status":200,"msg":"answered"');
      logger.level = 'warn';
      write('"msg":"not at this level"');
    });
    expect(lines).toEqual([
      {
        ...{ level: 'info', pid: process.pid, name: 'spec', time: expect.stringMatching(/^2\d{3}-.*Z$/) },
        ...{ route: 'GET /v1/home', status: 200, msg: 'answered' },
      },
    ]);
  });

  test('changes its level while it is used, that of plain lines too', () => {
    const { lines } = logged((logger) => {
      const write = lineWriter(logger);
      setLevel(logger, 'warn');
      logger.info('no');
      write('"msg":"no"');
      setLevel(logger, 'debug');
      logger.debug('yes');
      write('"msg":"plainly"');
    });
    expect(lines.map(({ msg }) => msg)).toEqual(['yes', 'plainly']);
  });

  test('leaves what only looks like a secret', () => {
    const { lines } = logged((logger) => logger.info({ keyCount: 3, tokenised: true, monkey: 'yes' }));
    expect(lines[0]).toMatchObject({ keyCount: 3, tokenised: true, monkey: 'yes' });
  });

  test('takes credentials out of running text and of errors', () => {
    const { text } = logged((logger) => {
      logger.error(
        { err: new Error('no route to postgres://facet:hunter2@db:5432/x') },
        'sent Bearer abcdefghij.k',
      );
    });
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('abcdefghij');
    expect(text).toContain('postgres://[redacted]@db:5432/x');
  });

  test('escapes what a terminal may act on, so that one line stays one line', () => {
    const hostile = 'a\u001b[2Jb\nc\u009b31md\u202ee\u2028f\u007f';
    const { text, lines } = logged((logger) => logger.info({ hostile }, hostile));
    for (const char of '\u001b\u009b\u202e\u2028\u007f') expect(text).not.toContain(char);
    expect(text.split('\n')).toHaveLength(2);
    expect(lines[0]).toMatchObject({ hostile, msg: hostile });
  });

  test('keeps an error with its code and its cause', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const { lines } = logged((logger) => logger.error({ err: new TypeError('outer', { cause }) }, 'failed'));
    expect(lines[0]?.['err']).toMatchObject({
      type: 'TypeError',
      cause: { code: 'ECONNREFUSED', message: 'refused' },
    });
  });

  test('ends at a depth instead of following a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(logged((logger) => logger.info({ circle })).text).toContain('[cut]');
  });
});

describe("Nest's logger over ours", () => {
  test('keeps the context, and lets what Nest says while it boots be debug', () => {
    const { lines } = logged((logger) => {
      nestLogger(logger).log('mapped', 'RoutesResolver');
      nestLogger(logger).log('hello', 'HomeController');
      nestLogger(logger).error('broken', 'Error: broken\n  at x', 'HomeController');
    });
    expect(lines.map(({ level, msg, context }) => [level, msg, context])).toEqual([
      ['debug', 'mapped', 'RoutesResolver'],
      ['info', 'hello', 'HomeController'],
      ['error', 'broken', 'HomeController'],
    ]);
    expect(lines[2]?.['stack']).toContain('at x');
  });
});
