import type { Hello, LiveState, LiveUpdate, NeighbourView, RequestDetail, WhatIfView } from '../view.js';
import type { ProcessLine } from '../logs.js';

const API = '/console/api';
const TOKEN = 'facet-console-token';

/** The console wants its token, or another than it was given. */
export class Locked extends Error {}

/** Of this tab alone, and never in an address or a cookie: nothing is sent that the page does not send itself. */
export function setToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const token = sessionStorage.getItem(TOKEN);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(`${API}/${path}`, { ...init, headers });
  if (response.status === 401) throw new Locked();
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
}

export async function requestOf(id: string): Promise<RequestDetail> {
  return (await (await ask(`requests/${encodeURIComponent(id)}`)).json()) as RequestDetail;
}

export async function linesOf(traceId: string): Promise<readonly ProcessLine[]> {
  return (await (await ask(`logs/${encodeURIComponent(traceId)}`)).json()) as ProcessLine[];
}

export async function gateways(): Promise<readonly NeighbourView[]> {
  return (await (await ask('gateways')).json()) as NeighbourView[];
}

export async function whatIf(route: string): Promise<WhatIfView> {
  const body = JSON.stringify({ route });
  const headers = { 'content-type': 'application/json' };
  return (await (await ask('what-if', { method: 'POST', body, headers })).json()) as WhatIfView;
}

export interface Events {
  hello(hello: Hello): void;
  requests(update: LiveUpdate): void;
  newState(state: LiveState): void;
}

/** Reads the stream of events until it ends. By `fetch` and not by `EventSource`, which cannot send the token. */
export async function follow(events: Events, signal: AbortSignal): Promise<void> {
  const response = await ask('live', { signal });
  const reader = (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const pieces = (rest + value).split('\n\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) dispatch(piece, events);
  }
}

function dispatch(piece: string, events: Events): void {
  const match = /^event: (hello|requests|state)\ndata: (.*)$/s.exec(piece);
  if (match === null) return;
  const [, name, data = ''] = match;
  const value: unknown = JSON.parse(data);
  if (name === 'hello') events.hello(value as Hello);
  else if (name === 'requests') events.requests(value as LiveUpdate);
  else events.newState(value as LiveState);
}
