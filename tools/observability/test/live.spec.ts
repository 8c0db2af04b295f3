import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, eventuallyPasses, startWorld, type World } from '@facet/testing';
import { generatedFiles } from '../src/files.js';
import { startPrometheus, type Prometheus } from '../src/prometheus.js';
import { dashboardsIn, resolved } from './support/dashboards.js';
import { givenSamples } from './support/given.js';
import { ask, exposedMetrics } from './support/load.js';

const SERVICES = ['catalog', 'inventory', 'recommendations'];
const GATEWAY = 'mobile-bff';
const INTERVAL = '10s';

const dashboards = dashboardsIn(generatedFiles());
const panels = dashboards.flatMap(({ title, panels }) =>
  panels.flatMap((panel) => panel.targets.map(({ expr }) => ({ panel: `${title}, ${panel.title}`, expr }))),
);

givenSamples('a Prometheus that scrapes gateways and services under load', () => {
  let world: World;
  let prometheus: Prometheus;

  beforeAll(async () => {
    const env = { [GATEWAY]: { TRUSTED_PROXIES: '127.0.0.0/8' } };
    world = await startWorld({ services: SERVICES, gateways: [GATEWAY], env });
    const admins = (apps: readonly string[]) =>
      Object.fromEntries(apps.map((app) => [app, new URL(world.adminUrl(app)).host]));
    prometheus = await startPrometheus({
      targets: { 'facet-gateways': admins([GATEWAY]), 'facet-services': admins(SERVICES) },
      interval: '500ms',
      scale: 20,
    });
    await eventually(async () => (await prometheus.query('up == 1')).length === SERVICES.length + 1);
  }, 120_000);

  afterAll(async () => {
    await prometheus.stop();
    await world.stop();
  }, 60_000);

  test('has data for every query of every panel', async () => {
    await eventuallyPasses(
      async () => {
        await ask(world.url(GATEWAY));
        expect(await emptyPanels(prometheus)).toEqual([]);
      },
      { withinMs: 60_000, everyMs: 500 },
    );
  }, 120_000);

  test('has values for every variable of every dashboard', async () => {
    const queries = [...new Set(dashboards.flatMap(({ variables }) => variables))];
    expect(queries.length).toBeGreaterThan(4);
    for (const query of queries) {
      const [, metric = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      const values = await prometheus.query(resolved(`count by (${label}) (${metric})`, INTERVAL));
      expect([query, values.some(({ labels }) => labels[label] !== undefined)]).toEqual([query, true]);
    }
  });

  test('reads no metric that no panel shows', async () => {
    const exposed = await exposedMetrics([...SERVICES, GATEWAY].map((app) => world.adminUrl(app)));
    expect(exposed.length).toBeGreaterThan(50);
    const all = panels.map(({ expr }) => expr).join('\n');
    expect(exposed.filter((name) => !new RegExp(`\\b${name}(?:_bucket|_count|_sum)?\\b`).test(all))).toEqual(
      [],
    );
  });
});

/** The panels of which a query has no sample that is a number. */
async function emptyPanels(prometheus: Prometheus): Promise<readonly string[]> {
  const answers = await Promise.all(
    panels.map(async ({ panel, expr }) => ({
      line: `${panel}: ${expr}`,
      samples: await prometheus.query(resolved(expr, INTERVAL)),
    })),
  );
  return answers
    .filter(({ samples }) => !samples.some(({ value }) => !Number.isNaN(value)))
    .map(({ line }) => line);
}
