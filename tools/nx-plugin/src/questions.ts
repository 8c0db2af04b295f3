import type { Tree } from '@nx/devkit';
import type { AggregationOptions } from './aggregation/options.js';
import { isForOperators } from './aggregation/operations.js';
import { authOf, auths, clients, signsInBy, type Auth, type BffOptions, type Client } from './bff/options.js';
import type { ContractOptions } from './contract/generator.js';
import { namesOf, type Named } from './names.js';
import { Refusal } from './refusal.js';
import type { RemoveOptions } from './remove/generator.js';
import type { RenameScopeOptions } from './rename-scope/generator.js';
import type { StartFreshOptions } from './start-fresh/generator.js';
import type { ServiceOptions } from './service/generator.js';
import { listOf } from './aggregation/wanted.js';
import { placeFrom } from './registration/place.js';
import { appsOf, contractsOf, unplaced } from './workspace.js';

export interface Choice {
  readonly value: string;
  readonly hint?: string;
}

/** How somebody at a terminal is asked. */
export interface Ask {
  /** `problemOf` says what is wrong with an answer, if anything is. */
  text(message: string, problemOf: (answer: string) => string | undefined): Promise<string>;
  one(message: string, choices: readonly Choice[]): Promise<string>;
  /** Those chosen, in the order of the choices. */
  several(
    message: string,
    choices: readonly Choice[],
    options: { readonly atLeastOne: boolean },
  ): Promise<readonly string[]>;
}

/**
 * The options of each generator, with what was not given asked for; what is offered is what there is. Who gives a name is
 * asked for nothing that has a default.
 *
 * @throws Refusal where nobody can be asked for what cannot be done without
 */
export const complete = {
  async bff(tree: Tree, given: Partial<BffOptions>, ask?: Ask): Promise<BffOptions> {
    if (given.name !== undefined) {
      const asked = listOf(given.services ?? '');
      return { ...given, name: given.name, ...(await askForPlaces(tree, given, asked, ask)) };
    }
    if (ask === undefined) throw new Refusal('say what it is called: nx g @facet/nx-plugin:bff kiosk');
    const name = await nameFor(ask, 'a gateway');
    const client =
      given.client ?? ((await ask.one('For which kind of client?', valuesOf(clients))) as Client);
    const auth = given.auth ?? (await askForAuth(ask, client));
    const services = given.services ?? (await askForServices(tree, ask));
    return {
      ...given,
      name,
      client,
      auth,
      services,
      ...(await askForPlaces(tree, given, listOf(services), ask)),
    };
  },

  async aggregation(tree: Tree, given: Partial<AggregationOptions>, ask?: Ask): Promise<AggregationOptions> {
    const { name, bff, parts } = given;
    if (ask === undefined) {
      if (name !== undefined && bff !== undefined && parts !== undefined)
        return { ...given, name, bff, parts };
      const gateways = gatewaysOf(tree).map(({ value }) => value);
      throw new Refusal(
        `say what it is called, of which gateway it is (${gateways.join(', ')}), and its parts: nx g @facet/nx-plugin:aggregation showcase --bff=${gateways[0] ?? 'kiosk-bff'} --parts=catalog.featured`,
      );
    }
    const chosen = {
      name: name ?? (await nameFor(ask, 'an aggregation')),
      bff: bff ?? (await ask.one('Of which gateway?', gatewaysOf(tree))),
      parts: parts ?? (await askForParts(tree, ask)),
    };
    const services = listOf(chosen.parts).map((part) => part.split('.')[0] ?? '');
    return { ...given, ...chosen, ...(await askForPlaces(tree, given, services, ask)) };
  },

  service: (_: Tree, given: Partial<ServiceOptions>, ask?: Ask): Promise<ServiceOptions> =>
    withName(given, { ask, what: 'a service', example: 'service wishlists' }),

  contract: (_: Tree, given: Partial<ContractOptions>, ask?: Ask): Promise<ContractOptions> =>
    withName(given, { ask, what: 'a service', example: 'contract stock' }),

  renameScope(_: Tree, { scope }: Partial<RenameScopeOptions>): Promise<RenameScopeOptions> {
    if (scope === undefined) throw new Refusal('say the new scope: nx g @facet/nx-plugin:rename-scope acme');
    return Promise.resolve({ scope });
  },

  startFresh: (_: Tree, given: StartFreshOptions): Promise<StartFreshOptions> => Promise.resolve(given),

  async remove(tree: Tree, given: Partial<RemoveOptions>, ask?: Ask): Promise<RemoveOptions> {
    if (given.name !== undefined) return { ...given, name: given.name };
    if (ask === undefined)
      throw new Refusal('say what is to be taken out: nx g @facet/nx-plugin:remove kiosk-bff');
    const chosen = await ask.one('What is to be taken out?', removable(tree, given.bff));
    const [name = '', bff = given.bff] = chosen.split(' of ');
    return { name, ...(bff === undefined ? {} : { bff }) };
  },
} as const;

interface NameQuestion {
  readonly ask: Ask | undefined;
  readonly what: Named;
  /** The command's end, with a name. */
  readonly example: string;
}

async function withName<T extends { readonly name?: string }>(
  given: T,
  { ask, what, example }: NameQuestion,
) {
  const name = given.name ?? (ask && (await nameFor(ask, what)));
  if (name === undefined) throw new Refusal(`say what it is called: nx g @facet/nx-plugin:${example}`);
  return { ...given, name };
}

const nameFor = (ask: Ask, what: Named): Promise<string> =>
  ask.text('What is it called?', (answer) => problemOf(() => namesOf(answer, what)));

const valuesOf = (values: readonly string[]): readonly Choice[] => values.map((value) => ({ value }));

/** What suits the client first. */
async function askForAuth(ask: Ask, client: Client): Promise<Auth> {
  const ordered = [authOf[client], ...auths.filter((each) => each !== authOf[client])];
  const choices = ordered.map((value) => ({ value, hint: signsInBy[value] }));
  return (await ask.one('How do callers sign in?', choices)) as Auth;
}

/** Where the services are that run elsewhere, of which nobody has said so yet. */
async function askForPlaces(
  tree: Tree,
  { address }: { readonly address?: string },
  services: readonly string[],
  ask: Ask | undefined,
): Promise<{ readonly address?: string }> {
  if (address !== undefined || ask === undefined) return {};
  const told: string[] = [];
  for (const service of unplaced(tree, [...new Set(services)])) {
    const place = await ask.text(`Where does ${service} listen in development?`, (answer) =>
      problemOf(() => placeFrom(answer)),
    );
    told.push(`${service}=${place}`);
  }
  return told.length === 0 ? {} : { address: told.join(',') };
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function askForServices(tree: Tree, ask: Ask): Promise<string> {
  const services = Object.keys(await contractsOf(tree));
  const chosen = await ask.several('Which services may it call?', valuesOf(services), { atLeastOne: true });
  return chosen.join(',');
}

const gatewaysOf = (tree: Tree): readonly Choice[] =>
  appsOf(tree)
    .filter(({ kind }) => kind === 'gateway')
    .map(({ name, port }) => ({ value: name, hint: `port ${port}` }));

async function askForParts(tree: Tree, ask: Ask): Promise<string> {
  const queries = Object.entries(await contractsOf(tree)).flatMap(([service, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.kind === 'query' && !isForOperators(operation))
      .map(([name, { summary }]): Choice => ({ value: `${service}.${name}`, hint: summary })),
  );
  const parts = await ask.several('Which queries is it made from?', queries, { atLeastOne: true });
  const optional = await ask.several('Which of them can it do without?', valuesOf(parts), {
    atLeastOne: false,
  });
  return parts.map((part) => (optional.includes(part) ? `${part}?` : part)).join(',');
}

/** Gateways, services and the aggregations of gateways; of one gateway, its aggregations alone. */
function removable(tree: Tree, bff?: string): readonly Choice[] {
  const apps = appsOf(tree).filter(({ kind }) => kind !== 'identity');
  const aggregations = apps
    .filter(({ kind, name }) => kind === 'gateway' && (bff === undefined || bff === name))
    .flatMap(({ name: gateway }) =>
      tree
        .children(`apps/${gateway}/src`)
        .filter((name) => tree.exists(`apps/${gateway}/src/${name}/${name}.aggregation.ts`))
        .map((name) => ({
          value: bff === undefined ? `${name} of ${gateway}` : name,
          hint: 'an aggregation',
        })),
    );
  if (bff !== undefined) return aggregations;
  return [...apps.map(({ name, kind }) => ({ value: name, hint: `a ${kind}` })), ...aggregations];
}
