/**
 * `npm start`: the whole workspace in one terminal, and nothing left behind. With `-- --production` what was built runs as in
 * production, behind a balancer with TLS.
 */
import { portVariable, type App } from './apps.js';
import { supervise } from './supervise.js';

process.exit(
  await supervise((apps) => {
    const [given, ...more] = process.argv.slice(2);
    const isProduction = given === '--production';
    if (!isProduction || more.length > 0) refuseArguments(process.argv.slice(2), apps);
    return { chosen: apps, isProduction };
  }),
);

/** There is one option; what somebody takes for another is a variable. */
function refuseArguments(given: readonly string[], apps: readonly App[]): void {
  if (given.length === 0) return;
  const ports = apps.map(({ name }) => portVariable(name)).join(', ');
  throw new Error(
    `npm start takes no argument but --production, not ${given.join(' ')}: set ${ports}, DATABASE_PORT or DATABASE_URL`,
  );
}
