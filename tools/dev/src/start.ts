/** `npm start`: the whole workspace in one terminal, and nothing left behind. */
import { portVariable, type App } from './apps.js';
import { supervise } from './supervise.js';

process.exit(
  await supervise((apps) => {
    refuseArguments(process.argv.slice(2), apps);
    return { chosen: apps };
  }),
);

/** There are no options; what somebody takes for one is a variable. */
function refuseArguments(given: readonly string[], apps: readonly App[]): void {
  if (given.length === 0) return;
  const ports = apps.map(({ name }) => portVariable(name)).join(', ');
  throw new Error(
    `npm start takes no arguments, not ${given.join(' ')}: set ${ports}, DATABASE_PORT or DATABASE_URL`,
  );
}
