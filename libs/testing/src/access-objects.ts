import { expect, test } from '@jest/globals';
import type { AskedId, Route } from './access-document.js';
import {
  NOTHING,
  pathOf,
  type AccessExpectations,
  type Credential,
  type Reply,
  type Sent,
} from './access-walk.js';

/** How the routes are asked. */
interface Walk {
  readonly all: () => readonly Route[];
  readonly closed: () => readonly Route[];
  readonly askFor: (route: Route, headers: Credential, sent: Sent) => Promise<Reply>;
}

/** Registers the tests of whose the objects are that routes ask for. */
export function testObjects(expected: AccessExpectations, walk: Walk): void {
  const { all, closed } = walk;

  test('Z1 no route that is public asks for what belongs to a customer', () => {
    const open = all().filter(({ isPublic }) => isPublic);
    expect(open.flatMap(namesOf((id) => id.owner === 'customer'))).toEqual([]);
  });

  test("Z1 somebody else's object is answered like one that is not there, wherever its id stands, and one's own is answered", async () => {
    expect(closed().flatMap(namesOf((id) => isOwned(id) && !(id.key in expected.ids)))).toEqual([]);
    for (const me of [0, 1] as const) {
      for (const route of closed().filter(({ ids }) => ids.some(isOwned))) {
        const nothing = await outcomesOf(expected, walk, { route, me, other: () => NOTHING });
        const theirs = await outcomesOf(expected, walk, {
          route,
          me,
          other: (key) => idOf(expected, key, me === 0 ? 1 : 0),
        });
        expect(theirs.others).toEqual(nothing.others);
        const own = theirs.own.isAnswered ? 'answered' : theirs.own;
        expect({ route: route.name, own }).toEqual({ route: route.name, own: 'answered' });
        for (const { outcome } of nothing.others) expect(outcome).not.toEqual(theirs.own);
      }
    }
  });

  test("Z1 what is asked without an id has nothing of the other customer's in its answer", async () => {
    const known = Object.keys(expected.ids);
    for (const me of [0, 1] as const) {
      const theirs = await Promise.all(known.map((key) => idOf(expected, key, me === 0 ? 1 : 0)));
      for (const route of closed().filter(({ method, ids }) => method === 'GET' && !ids.some(isOwned))) {
        const { body } = await walk.askFor(route, await expected.users[me](), sentTo(route, new Map()));
        expect({ route: route.name, seen: theirs.filter((id) => body.includes(`"${id}"`)) }).toEqual({
          ...{ route: route.name, seen: [] },
        });
      }
    }
  });
}

const isOwned = ({ owner }: AskedId): boolean => owner !== 'nobody';

const namesOf =
  (which: (id: AskedId) => boolean) =>
  ({ name, ids }: Route): readonly string[] =>
    ids.filter(which).map(({ key, at }) => `${name} asks for "${at}" (${key})`);

async function idOf({ ids }: AccessExpectations, key: string, user: 0 | 1): Promise<string> {
  const id = ids[key]?.[user];
  return typeof id === 'function' ? await id() : (id ?? NOTHING);
}

interface Asking {
  readonly route: Route;
  readonly me: 0 | 1;
  /** What takes the place of one's own id, one place after the other. */
  readonly other: (key: string) => string | Promise<string>;
}

/** What comes of one's own ids, and of one of somebody else's among them, for each place in turn. */
export async function outcomesOf(expected: AccessExpectations, walk: Walk, { route, me, other }: Asking) {
  const ask = async (place?: AskedId) => {
    // New ones each time: some routes end what they are asked for.
    const values = new Map<AskedId, string>();
    const isSet = (id: AskedId) => isOwned(id) || id.in !== 'body' || id.key in expected.ids;
    for (const id of route.ids.filter(isSet))
      values.set(id, await (id === place ? other(id.key) : idOf(expected, id.key, me)));
    const sent = sentTo(route, values, expected.bodies?.[route.name]);
    return outcomeOf(await walk.askFor(route, await expected.users[me](), sent));
  };
  const others = [];
  for (const place of route.ids.filter(isOwned)) {
    others.push({ route: route.name, place: place.at, outcome: await ask(place) });
  }
  return { own: await ask(), others };
}

interface Outcome {
  readonly isAnswered: boolean;
  readonly status: number;
  readonly body?: string;
  readonly code?: string | undefined;
}

/** What tells two answers apart: the whole of one that is good, the code of one that refuses. */
function outcomeOf({ status, body }: Reply): Outcome {
  if (status < 400) return { isAnswered: true, status, body };
  const { code } = JSON.parse(body) as { code?: string };
  return { isAnswered: false, status, code };
}

/** A request with these ids where the route takes them. */
function sentTo(route: Route, ids: ReadonlyMap<AskedId, string>, body: object = {}): Sent {
  let path = route.path;
  const query = new URLSearchParams(route.query);
  const json = structuredClone(body);
  for (const [id, value] of ids) {
    if (id.in === 'path') path = path.replace(`{${id.at}}`, encodeURIComponent(value));
    else if (id.in === 'query') query.set(id.at.replace('[]', ''), value);
    else setAt(json, id.at.split('.'), value);
  }
  const address = `${pathOf(path)}${query.size === 0 ? '' : `?${query.toString()}`}`;
  return route.ids.some((id) => id.in === 'body')
    ? { path: address, body: JSON.stringify(json) }
    : { path: address };
}

/** Sets what stands at `lines[].orderId`, in every line that is there and in one where none is. */
function setAt(target: object, [first = '', ...rest]: readonly string[], value: string): void {
  const key = first.replace('[]', '');
  const of = target as Record<string, unknown>;
  const isMany = first.endsWith('[]');
  if (rest.length === 0) of[key] = isMany ? [value] : value;
  else if (isMany) {
    const list = (of[key] ??= [{}]) as object[];
    for (const each of list) setAt(each, rest, value);
  } else setAt((of[key] ??= {}), rest, value);
}
