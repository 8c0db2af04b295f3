import { StartError } from '@facet/platform';
import type { ControllerRoute } from './controllers.js';
import type { Route } from './route.js';

/** Every route of a gateway, answered directly or by Nest. */
export class RouteTable {
  readonly all: readonly Route[];
  readonly #byAddress: ReadonlyMap<string, Route>;
  readonly #byHandler = new Map<object, Map<object, Route>>();

  /** @throws StartError for an address that is there twice */
  constructor(
    readonly listed: readonly Route[],
    controllers: readonly ControllerRoute[],
  ) {
    this.all = [...listed, ...controllers.map(({ route }) => route)];
    const twice = this.all.map(addressOf).find((each, index, all) => all.indexOf(each) !== index);
    if (twice !== undefined) throw new StartError(`${twice} is there twice`);
    this.#byAddress = new Map(this.all.map((route) => [addressOf(route), route]));
    for (const { route, controller, handler } of controllers) this.answeredBy(route, controller, handler);
  }

  /** By its address as it is registered: `GET`, `/v1/products/:id`. HEAD is answered by what answers GET. */
  at(method: string, path: string): Route | undefined {
    const asked = method === 'HEAD' ? 'GET' : method;
    return this.#byAddress.get(`${asked} ${path}`) ?? this.#byAddress.get(`ALL ${path}`);
  }

  /** By the method of a controller that Nest has found for it. */
  of(controller: object, handler: object): Route | undefined {
    return this.#byHandler.get(controller)?.get(handler);
  }

  answeredBy(route: Route, controller: object, handler: object): void {
    const handlers = this.#byHandler.get(controller) ?? new Map<object, Route>();
    this.#byHandler.set(controller, handlers.set(handler, route));
  }
}

function addressOf({ method, path }: Route): string {
  return `${method} ${path}`;
}
