export {
  addressesVariable,
  findApp,
  portVariable,
  readApps,
  workspaceRoot,
  type App,
  type AppKind,
} from './apps.js';
export { instancesInRotation, startBalancer } from './production/balancer.js';
export { buildApps } from './production/build.js';
export { makeCertificates } from './production/certificates.js';
export { productionEnv, type Site } from './production/environment.js';
export { hasHaproxy, type Frontend } from './production/haproxy.js';
export { makeSecrets } from './production/secrets.js';
export { startTool, type Tool } from './production/tool.js';
export {
  describeExit,
  launchApp,
  LaunchError,
  sourceArguments,
  type AppProcess,
  type Exit,
  type LaunchOptions,
} from './launch.js';
