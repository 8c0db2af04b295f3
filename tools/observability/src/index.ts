export { BURN_ALERTS, type BurnAlert } from './rules/objectives.js';
export {
  hasPrometheus,
  startPrometheus,
  type FiringAlert,
  type Prometheus,
  type PrometheusOptions,
  type Sample,
} from './prometheus.js';
