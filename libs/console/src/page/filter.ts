import type { Ending, RequestSummary } from '../view.js';

/** What of the stream is shown. Empty texts show everything. */
export interface Filter {
  readonly text: string;
  readonly route: string;
  readonly ending: '' | Ending;
  readonly part: string;
  readonly reason: string;
  /** At least so long, in ms. */
  readonly minMs: number;
  /** Whether probes and static files are shown. */
  readonly background: boolean;
}

export const noFilter: Filter = {
  text: '',
  route: '',
  ending: '',
  part: '',
  reason: '',
  minMs: 0,
  background: false,
};

export function matches(request: RequestSummary, filter: Filter): boolean {
  const { text, route, ending, part, reason, minMs, background } = filter;
  if (request.isBackground && !background) return false;
  if (route !== '' && `${request.method} ${request.route}` !== route) return false;
  if (ending !== '' && request.ending !== ending) return false;
  if (part !== '' && !request.parts.some(({ name }) => name === part)) return false;
  if (reason !== '' && request.reason !== reason) return false;
  return request.durationMs >= minMs && (text === '' || textOf(request).includes(text.toLowerCase()));
}

function textOf({ method, route, path, status, traceId, id, reason = '', parts }: RequestSummary): string {
  const names = parts.map(({ name }) => name).join(' ');
  return `${method} ${route} ${path} ${status} ${reason} ${names} ${traceId} ${id}`.toLowerCase();
}

/** Whether anything but background requests is left out. */
export function isFiltering(filter: Filter): boolean {
  return toQuery({ ...filter, background: false }) !== '';
}

/** As it stands in the address, so that a link shows the same. */
export function toQuery(filter: Filter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== noFilter[name as keyof Filter]) query.set(name, String(value));
  }
  return query.toString();
}

const endings: readonly string[] = ['ok', 'slow', 'degraded', 'refused', 'error'];

export function fromQuery(text: string): Filter {
  const query = new URLSearchParams(text);
  const of = (name: string) => (query.get(name) ?? '').slice(0, 300);
  const minMs = Number(of('minMs'));
  return {
    text: of('text'),
    route: of('route'),
    ending: endings.includes(of('ending')) ? (of('ending') as Ending) : '',
    part: of('part'),
    reason: of('reason'),
    minMs: Number.isFinite(minMs) && minMs > 0 ? minMs : 0,
    background: of('background') === 'true',
  };
}
