import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { gateways } from './gateways.js';
import { objectives } from './objectives.js';
import { processes } from './processes.js';
import { services } from './services.js';

export const dashboards: readonly (() => Dashboard)[] = [objectives, gateways, services, processes];
