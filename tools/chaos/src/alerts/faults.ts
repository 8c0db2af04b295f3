import { connect } from 'node:net';
import { Load, someAddress } from '../load.js';
import { GATEWAY, SERVICES, type Site } from './site.js';

/** Something that is broken on purpose, and what is to be seen of it. Alerts are `FacetInstanceDown catalog`. */
export interface Fault {
  readonly name: string;
  /** The alerts that must fire. */
  readonly fires: readonly string[];
  /** Those that may fire too, since the fault has these effects on some machines. */
  readonly mayFire?: readonly string[];
  /** Breaks it; gives back how to mend it. */
  begin(site: Site): Promise<() => unknown>;
}

const burns = (objective: string) =>
  ['FacetBudgetBurnsFast', 'FacetBudgetBurns', 'FacetBudgetBurnsSlowly'].map(
    (each) => `${each} ${objective}`,
  );
const gone = (service: string) => [`FacetInstanceDown ${service}`, `FacetServiceUnreachable ${service}`];

/** A process that starts is busy, and takes the processor from the others. */
const ofRestart = (service: string) => [
  `FacetBreakerOpen ${service}`,
  `FacetEventLoopBusy ${service}`,
  'FacetBudgetBurnsSlowly latency',
];

/** An optional service ends: answers are quick and without its part. */
const optionalServiceGone: Fault = {
  name: 'recommendations ends',
  fires: [...burns('complete'), ...gone('recommendations')],
  mayFire: ofRestart('recommendations'),
  async begin({ world }) {
    await world.killApp('recommendations');
    return () => world.startApp('recommendations');
  },
};

/** A service answers 450 ms later: answers are whole and too slow. */
const slowService: Fault = {
  name: 'inventory is slow',
  fires: burns('latency'),
  begin({ inventory }) {
    inventory.slow(450);
    return Promise.resolve(() => inventory.mend());
  },
};

/** A service hangs: it is not called any more, by its breaker or because its probes fail. */
const hungService: Fault = {
  name: 'inventory hangs',
  fires: gone('inventory'),
  mayFire: [
    ...burns('complete'),
    ...burns('latency'),
    'FacetBreakerOpen inventory',
    // The time in which it was stopped counts as busy.
    'FacetEventLoopBusy inventory',
  ],
  begin({ world }) {
    const hung = world.process('inventory');
    hung.kill('SIGSTOP');
    return Promise.resolve(() => hung.kill('SIGCONT'));
  },
};

/** A service ends that home cannot do without. */
const requiredServiceGone: Fault = {
  name: 'catalog ends',
  fires: [...burns('availability'), ...gone('catalog')],
  mayFire: ofRestart('catalog'),
  async begin({ world }) {
    await world.killApp('catalog');
    return () => world.startApp('catalog');
  },
};

const anything = ['availability', 'latency', 'complete'].flatMap(burns);
const ofServices = (alert: string) => SERVICES.map((each) => `${alert} ${each}`);

/** The database answers 3 s later: queries wait for the connections of the pool, and calls run into their time limit. */
const slowDatabase: Fault = {
  name: 'the database is slow',
  fires: ['FacetPoolExhausted catalog', 'FacetBreakerOpen catalog'],
  mayFire: [
    ...anything,
    ...ofServices('FacetPoolExhausted'),
    ...ofServices('FacetBreakerOpen'),
    ...ofServices('FacetServiceUnreachable'),
  ],
  begin({ database }) {
    database.slow(3_000);
    return Promise.resolve(() => database.mend());
  },
};

/** A thousand clients send headers and no body: as many requests as the gateway takes are under way. */
const slowClients: Fault = {
  name: 'a thousand clients send no body',
  fires: [`FacetRequestsShed ${GATEWAY}`, ...burns('availability')],
  mayFire: anything,
  begin({ home }) {
    const { hostname, port } = new URL(home);
    const sockets = Array.from({ length: 1_100 }, () => {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      const head = ['POST /v1/checkout HTTP/1.1', 'Host: gateway', 'Content-Type: application/json'];
      const fields = [...head, `X-Forwarded-For: ${someAddress()}`, 'Content-Length: 100'];
      socket.write(`${fields.join('\r\n')}\r\n\r\n`);
      return socket;
    });
    return Promise.resolve(() => sockets.forEach((each) => each.destroy()));
  },
};

/** Clients ask without a pause: the gateway's event loop has none either. */
const busyGateway: Fault = {
  name: 'clients ask without a pause',
  fires: [`FacetEventLoopBusy ${GATEWAY}`],
  mayFire: [
    ...anything,
    ...ofServices('FacetEventLoopBusy'),
    ...ofServices('FacetPoolExhausted'),
    ...ofServices('FacetBreakerOpen'),
    ...ofServices('FacetInstanceDown'),
    `FacetInstanceDown ${GATEWAY}`,
    `FacetRequestsShed ${GATEWAY}`,
  ],
  begin({ home }) {
    const load = new Load([home], { lanes: 400 });
    return Promise.resolve(() => load.stop());
  },
};

export const faults: readonly Fault[] = [
  optionalServiceGone,
  slowService,
  hungService,
  requiredServiceGone,
  slowDatabase,
  slowClients,
  busyGateway,
];

/** Those that prove every objective, for tests. */
export const shortFaults: readonly Fault[] = [optionalServiceGone, slowService, requiredServiceGone];
