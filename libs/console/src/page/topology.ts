import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import type { InstanceView, ServiceView, Traffic } from '../view.js';
import { ms, percent, perSecond } from './format.js';
import type { State } from './store.js';
import { edgeOf, layoutOf, NARROW, widthOf, type Box, type PlacedService } from './topology-layout.js';

/** Clients → gateway → services → instances, with what goes along each line. */
export function topology({ live, gateway }: State, width: number): TemplateResult {
  const services = live?.services ?? [];
  if (services.length === 0) return html`<p class="empty">This gateway calls no service.</p>`;
  const traffic: Traffic = live ?? { rate: 0, errors: 0 };
  if (width < NARROW)
    return html`<ul class="topology is-narrow">
      ${services.map((each) => narrowService(each))}
    </ul>`;
  const layout = layoutOf(services, width);
  return html`<div class="topology" .style=${`height:${layout.height}px`}>
    <svg width=${width} height=${layout.height} aria-hidden="true">
      ${edge(layout.clients, layout.gateway, traffic)}
      ${layout.services.map((placed) => edges(layout.gateway, placed))}
    </svg>
    <div class="node is-clients" .style=${at(layout.clients)}>
      <b>Clients</b><small>${perSecond(traffic.rate)}/s</small>
    </div>
    <div class="node is-gateway" .style=${at(layout.gateway)}>
      <b title=${gateway}>${gateway}</b>
      <small>${traffic.meanMs === undefined ? 'idle' : `avg ${ms(traffic.meanMs)}`}</small>
    </div>
    <ul>
      ${layout.services.map(wideService)}
    </ul>
  </div>`;
}

function at({ x, y, width, height }: Box): string {
  return `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px;width:${width.toFixed(1)}px;height:${height}px`;
}

function edges(gateway: Box, { service, box, instances }: PlacedService): SVGTemplateResult {
  return svg`${edge(gateway, box, service, service.health === 'down')}${instances.map(
    ({ index, box: to }) => {
      const instance = service.instances[index] as InstanceView;
      return edge(box, to, instance, instance.state !== 'ready');
    },
  )}`;
}

function edge(from: Box, to: Box, { rate, errors }: Traffic, isBroken = false): SVGTemplateResult {
  const d = edgeOf(from, to);
  const tone = isBroken ? 'is-broken' : errors >= 0.05 ? 'is-bad' : errors > 0 ? 'is-warn' : '';
  const flow = rate > 0 ? svg`<path class="flow" d=${d} stroke-width=${widthOf(rate)} />` : nothing;
  return svg`<g class="edge ${tone}"><path d=${d} stroke-width=${widthOf(rate)} />${flow}</g>`;
}

function wideService(placed: PlacedService): TemplateResult {
  const { service, box, instances, more } = placed;
  return html`<li>
    <div class="node is-service is-${service.health}" .style=${at(box)}>${serviceText(service)}</div>
    <ul>
      ${instances.map(({ index, box: place }) => {
        const instance = service.instances[index] as InstanceView;
        const isLast = more > 0 && index === instances.length - 1;
        return html`<li class="node is-instance is-${instance.state}" .style=${at(place)}>
          ${instanceText(instance, isLast ? more : 0)}
        </li>`;
      })}
    </ul>
  </li>`;
}

function narrowService(service: ServiceView): TemplateResult {
  return html`<li>
    <div class="node is-service is-${service.health}">${serviceText(service)}</div>
    <ul>
      ${service.instances.map(
        (each) => html`<li class="node is-instance is-${each.state}">${instanceText(each, 0)}</li>`,
      )}
    </ul>
  </li>`;
}

const healths: Readonly<Record<ServiceView['health'], string>> = {
  up: 'up',
  degraded: 'impaired',
  down: 'down',
  starting: 'starting',
};

function serviceText({ name, health, breaker, queued, rate, errors, meanMs }: ServiceView): TemplateResult {
  const facts = [
    `${perSecond(rate)}/s`,
    meanMs === undefined ? '' : ms(meanMs),
    errors > 0 ? `${percent(errors)} failed` : '',
    queued > 0 ? `${queued} waiting` : '',
  ];
  return html`<b title=${name}>${name}</b>
    ${healthTag(health, breaker)}
    <small>${facts.filter((each) => each !== '').join(' · ')}</small>`;
}

/** An open breaker says more than that the service is impaired. */
function healthTag(health: ServiceView['health'], breaker: ServiceView['breaker']): TemplateResult {
  if (breaker !== 'closed') {
    const words = breaker === 'open' ? 'breaker open' : 'half-open';
    return html`<span class="tag is-bad" title="The breaker is ${breaker}">${words}</span>`;
  }
  if (health === 'up') return html`<span class="sr">up</span>`;
  return html`<span class="tag is-${health}">${healths[health]}</span>`;
}

function instanceText(
  { address, state, rate, errors, meanMs, pending, isOurs }: InstanceView,
  more: number,
): TemplateResult {
  const facts = [
    rate > 0 ? `${perSecond(rate)}/s` : '',
    meanMs === undefined ? '' : ms(meanMs),
    errors > 0 ? `${percent(errors)} failed` : '',
    more > 0 ? `and ${more} more` : '',
  ];
  const title = `${address}, ${state}${isOurs === false ? ', a stock Nest service' : ''}, ${pending} pending`;
  return html`<span class="dot"></span><code title=${title}>${address.replace('127.0.0.1:', ':')}</code>
    ${state === 'ready' ? html`<span class="sr">ready</span>` : html`<span class="tag is-${state}">${state}</span>`}
    <small>${facts.filter((each) => each !== '').join(' · ')}</small>`;
}
