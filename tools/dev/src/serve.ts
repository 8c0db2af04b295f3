/** `nx serve <app>`: one app with what it needs, each started again when a file that it is made of changes. */
import { findApp, withNeeds } from './apps.js';
import { supervise } from './supervise.js';

process.exit(
  await supervise((apps) => {
    const [name, ...more] = process.argv.slice(2);
    if (name === undefined || more.length > 0) throw new Error('Say which app: nx serve web-bff');
    const watched = findApp(name, apps);
    return { watched, chosen: withNeeds(watched, apps) };
  }),
);
