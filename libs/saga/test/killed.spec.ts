import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, jest, test } from '@jest/globals';
import type { Operation } from '@facet/contracts';
import { inventory, orders, payments } from './contracts.js';
import type { FromGateway, ToGateway } from './checkout-process.js';
import { checkout, Refusal, Shop } from './shop.js';

const program = fileURLToPath(new URL('./checkout-process.ts', import.meta.url));
const register = new URL('../../../tools/dev/register.mjs', import.meta.url).href;
const operations: readonly Operation[] = [
  ...Object.values(inventory),
  ...Object.values(payments),
  ...Object.values(orders),
];

jest.setTimeout(120_000);

/** Where a gateway dies: before its nth command has arrived, or after the command's effect and before its answer. */
interface Death {
  readonly command: number;
  readonly when: 'before' | 'after';
}

/** Runs a gateway process against the shop. Resolves to what it told at its end, or undefined where it was killed. */
async function gateway(
  shop: Shop,
  death?: Death,
): Promise<Extract<FromGateway, { kind: 'end' }> | undefined> {
  const child = fork(program, { execArgv: ['--conditions=@facet/source', '--import', register] });
  let end: Extract<FromGateway, { kind: 'end' }> | undefined;
  child.on('message', (message: FromGateway) => {
    if (message.kind === 'end') end = message;
    else serve({ shop, child, death }, message);
  });
  await once(child, 'exit');
  return end;
}

interface Serving {
  readonly shop: Shop;
  readonly child: ChildProcess;
  readonly death: Death | undefined;
}

function serve({ shop, child, death }: Serving, call: Extract<FromGateway, { kind: 'call' }>): void {
  const dies = death?.command === call.id;
  if (dies && death.when === 'before') return void child.kill('SIGKILL');
  const operation = operations.find(({ pattern }) => pattern === call.pattern);
  if (operation === undefined) throw new Error(`no operation ${call.pattern}`);
  const answer = answerOf(shop, operation, call);
  if (dies) child.kill('SIGKILL');
  else child.send(answer);
}

function answerOf(
  shop: Shop,
  operation: Operation,
  { id, input }: Extract<FromGateway, { kind: 'call' }>,
): ToGateway {
  try {
    return { id, value: shop.handle(operation, input) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { id, refusal: { code: error.code, status: error.status } };
  }
}

const steps = checkout.steps.map(({ name }, index) => ({ step: name, command: index + 1 }));
const done = { reservation: 'done', authorisation: 'done', order: 'done', capture: 'done' };

describe('a gateway that is killed in the middle of a checkout', () => {
  describe.each(steps)('at "$step"', ({ step, command }) => {
    test.each(['before', 'after'] as const)(
      '%s it: the same key finishes it and charges once',
      async (when) => {
        const shop = new Shop();
        expect(await gateway(shop, { command, when })).toBeUndefined();
        expect(shop.effects.size).toBe(when === 'before' ? command - 1 : command);

        const end = await gateway(shop);
        expect(end?.value).toEqual({ order: 'ord1', status: 'confirmed', payment: 'captured' });
        expect([...shop.effects.values()]).toEqual([1, 1, 1, 1, 1, 1]);
        expect(shop.state).toEqual(done);
        expect(step).toBe(checkout.steps[command - 1]?.name);
      },
    );
  });

  test('and again and again gets one step further each time, and ends as if nothing had happened', async () => {
    const shop = new Shop();
    for (const { command } of steps) await gateway(shop, { command, when: 'after' });
    expect((await gateway(shop))?.value).toMatchObject({ status: 'confirmed' });
    expect([...shop.effects.values()]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('while it undoes: the same key goes on undoing', async () => {
    const shop = new Shop({ 'payments.capture': new Refusal('payments.capture-declined', 402) });
    await gateway(shop, { command: 5, when: 'after' });
    expect(shop.state).toMatchObject({ order: 'held', authorisation: 'held', reservation: 'none' });
    const end = await gateway(shop);
    expect(end?.code).toBe('payments.capture-declined');
    expect(shop.state).toEqual({
      reservation: 'none',
      authorisation: 'none',
      order: 'none',
      capture: 'none',
    });
  });
});
