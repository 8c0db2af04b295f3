import { readApps } from '@facet/dev';
import { describe } from '@jest/globals';
import { hasPrometheus } from '../../src/prometheus.js';

const hasSamples = readApps().some(({ name }) => name === 'mobile-bff');

/** `describe`, for what needs `prometheus` and `promtool`. */
export const givenPrometheus = (title: string, tests: () => void): void =>
  describeWhere(hasPrometheus, 'no prometheus', title, tests);

/** `describe`, for what needs Prometheus and the sample apps. */
export const givenSamples = (title: string, tests: () => void): void =>
  hasSamples
    ? givenPrometheus(title, tests)
    : describeWhere(hasSamples, 'the samples are gone', title, tests);

function describeWhere(isThere: boolean, reason: string, title: string, tests: () => void): void {
  if (isThere) describe(title, tests);
  else describe.skip(`${title} (skipped: ${reason})`, tests);
}
