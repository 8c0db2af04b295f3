import type { Answer, Call, Operation } from '@facet/contracts';
import { runSaga } from '../src/index.js';
import { checkout, Refusal } from './shop.js';

/** A gateway in the middle of a checkout, whose services live in the process that started it. */
export type FromGateway =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly pattern: string;
      readonly input: Record<string, unknown>;
    }
  | { readonly kind: 'end'; readonly value?: unknown; readonly code?: string };
export interface ToGateway {
  readonly id: number;
  readonly value?: unknown;
  readonly refusal?: { readonly code: string; readonly status: number };
}

const waiting = new Map<number, (answer: ToGateway) => void>();
let sent = 0;

const call = ((operation: Operation, input: Record<string, unknown>) => {
  sent += 1;
  const id = sent;
  tell({ kind: 'call', id, pattern: operation.pattern, input });
  return new Promise<Answer<unknown>>((resolve, reject) =>
    waiting.set(id, ({ value, refusal }) => {
      if (refusal === undefined) resolve({ value, source: 'fresh', ageMs: 0 });
      else reject(new Refusal(refusal.code, refusal.status));
    }),
  );
}) as unknown as Call;

process.on('message', (answer: ToGateway) => waiting.get(answer.id)?.(answer));

function tell(message: FromGateway): void {
  process.send?.(message);
}

const { signal } = new AbortController();
const input = { productId: 'p1', card: 'tok' };
runSaga(checkout, { input, key: 'key-0001', call, signal, record: () => undefined })
  .then(
    ({ value }) => tell({ kind: 'end', value }),
    (error: unknown) => tell({ kind: 'end', code: String((error as { code?: string }).code) }),
  )
  .finally(() => process.disconnect());
