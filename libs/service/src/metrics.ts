import type { Operation } from '@facet/contracts';
import { Counter, createMetrics, Gauge, Histogram, type HistogramSeries } from '@facet/platform';
import type { HandledRequest } from '@facet/transport';
import type { FacetServer } from '@facet/transport/nest';
import type { Registry } from 'prom-client';
import type { PoolMeter } from './database/measured-pool.js';

/** What of a pool is shown. */
interface PoolState {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** What a service counts. Series are made at boot wherever their labels are known then. */
export class ServiceMetrics implements PoolMeter {
  readonly registry: Registry;
  readonly #calls: Histogram;
  readonly #answered = new Map<string, HistogramSeries>();
  readonly #queue: HistogramSeries;
  readonly #statements: Histogram;
  readonly #waits: HistogramSeries;
  readonly #commands: Counter;

  constructor(name: string, operations: readonly Pick<Operation, 'pattern' | 'kind'>[]) {
    const registry = createMetrics(name);
    const histogram = (metric: string, help: string, ...labels: string[]) =>
      new Histogram({ name: metric, help, labels }, registry);
    this.registry = registry;
    this.#calls = histogram(
      'rpc_server_call_duration_seconds',
      'Requests by operation, from the begin of their handler; error_type is the code of the fault, empty for an answer',
      'rpc_method',
      'error_type',
    );
    this.#queue = histogram(
      'facet_service_queue_seconds',
      'How long requests waited for their handler',
    ).with();
    this.#statements = histogram(
      'db_client_operation_duration_seconds',
      'SQL statements by their first word; error_type is the SQLSTATE',
      'db_operation_name',
      'error_type',
    );
    this.#waits = histogram(
      'db_client_connection_wait_time_seconds',
      'How long work waited for a connection of the pool',
    ).with();
    this.#commands = new Counter(
      {
        name: 'facet_commands_total',
        help: 'Commands with an idempotency key: carried out, or answered again',
        labels: ['rpc_method', 'outcome'],
      },
      registry,
    );
    for (const { pattern, kind } of operations) {
      this.#answered.set(pattern, this.#calls.with(pattern, ''));
      if (kind === 'command') for (const each of ['done', 'repeated']) this.#commands.with(pattern, each);
    }
    this.#statements.with('SELECT', '');
  }

  handled({ request: { pattern, receivedAt }, startedAt, endedAt, code }: HandledRequest): void {
    const method = typeof pattern === 'string' ? pattern : '_OTHER';
    const known = this.#answered.get(method);
    // What a client calls a pattern that is none is its own affair, and no label.
    const series =
      code === 'ok' && known !== undefined ? known : this.#calls.with(known ? method : '_OTHER', code);
    const begun = startedAt === 0 ? endedAt : startedAt;
    series.observe((endedAt - begun) / 1_000);
    this.#queue.observe((begun - receivedAt) / 1_000);
  }

  ran(operation: string, error: string, ms: number): void {
    this.#statements.with(operation, error).observe(ms / 1_000);
  }

  waited(ms: number): void {
    this.#waits.observe(ms / 1_000);
  }

  commanded(operation: string, outcome: 'done' | 'repeated'): void {
    this.#commands.with(operation, outcome).inc();
  }

  watchServer(server: FacetServer): void {
    const { registry } = this;
    new Gauge(
      {
        name: 'facet_service_requests',
        help: 'Requests that handlers work on (running), and requests that wait',
        labels: ['state'],
      },
      () => [
        [server.load.running, 'running'],
        [server.load.waiting, 'waiting'],
      ],
      registry,
    );
    const help = 'Open connections of clients';
    new Gauge({ name: 'facet_service_connections', help }, () => [[server.load.connections]], registry);
  }

  watchPool(pool: PoolState, max: number): void {
    const { registry } = this;
    new Gauge(
      { name: 'db_client_connection_count', help: 'Connections of the pool', labels: ['state'] },
      () => [
        [pool.totalCount - pool.idleCount, 'used'],
        [pool.idleCount, 'idle'],
      ],
      registry,
    );
    const pending = {
      name: 'db_client_connection_pending_requests',
      help: 'Work that waits for a connection',
    };
    new Gauge(pending, () => [[pool.waitingCount]], registry);
    new Gauge({ name: 'db_client_connection_max', help: 'The size of the pool' }, () => [[max]], registry);
  }
}
