export {
  addressesVariable,
  findApp,
  portVariable,
  readApps,
  workspaceRoot,
  type App,
  type AppKind,
} from './apps.js';
export {
  describeExit,
  launchApp,
  LaunchError,
  sourceArguments,
  type AppProcess,
  type Exit,
  type LaunchOptions,
} from './launch.js';
