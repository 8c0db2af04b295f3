import { describe, expect, test } from '@jest/globals';
import { hasPrometheus } from '@facet/observability';
import { shortFaults } from '../src/alerts/faults.js';
import { alertsOf } from '../src/experiments/alerts.js';

const given = hasPrometheus ? describe : describe.skip;

given(`a real Prometheus over real processes${hasPrometheus ? '' : ' (skipped: no prometheus)'}`, () => {
  test('fires the alerts of each objective under its fault, ends them with it, and fires none without', async () => {
    const { seen, held } = await alertsOf(shortFaults).run();
    expect({ seen, held }).toEqual({ seen, held: true });
  }, 300_000);
});
