import type { Experiment } from '../experiment.js';
import { alerts } from './alerts.js';
import { databaseDown } from './database-down.js';
import { garbage } from './garbage.js';
import { hungService } from './hung-service.js';
import { issuerDown } from './issuer-down.js';
import { killedInstance } from './killed-instance.js';
import { noisyPartner } from './noisy-partner.js';
import { overload } from './overload.js';
import { redisDown } from './redis-down.js';
import { rollingRestart } from './rolling-restart.js';
import { slowConnections } from './slow-connections.js';

export const experiments: readonly Experiment[] = [
  killedInstance,
  hungService,
  garbage,
  redisDown,
  databaseDown,
  issuerDown,
  rollingRestart,
  noisyPartner,
  overload,
  slowConnections,
  alerts,
];
