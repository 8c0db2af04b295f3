import type { Results } from '../results.js';
import { bestOf, calibrationRows, figures } from './figures.js';
import { markdownTable } from './table.js';
import { median } from './stats.js';

/** What a run writes into the page, by the name of the marks around it. */
export function pageParts(results: Results): Readonly<Record<string, string>> {
  return {
    run: runText(results),
    figures: figures(results)
      .map((section) => markdownTable(section))
      .join('\n\n'),
    count: countText(results),
    model: modelText(results),
  };
}

/** What was run on, in a sentence or two. */
export function runText({ at, plan, machine, network, front, tookSeconds }: Results): string {
  const how =
    network.kind === 'packets'
      ? `Networks: packets through two network namespaces and a relay, with the kernel's own TCP (congestion control: ${network.congestion}).`
      : `Networks: a model of TCP in this process, as ${network.why ?? 'packets could not be sent'}.`;
  return (
    `${plan === 'full' ? 'A full run' : 'A quick run'} of ${at.slice(0, 10)}, ${tookSeconds} s, on ${machine.cpus} cores ` +
    `(${machine.system}, Node ${machine.node.slice(1)}). In front of everything: ${front}. ${how}`
  );
}

/** In how many rows each way is the best. */
function countText(results: Results): string {
  const rows = figures(results)
    .flatMap((section) => section.rows)
    .filter(({ better }) => better !== 'neither');
  const decided = rows.map(bestOf).filter((best) => best.length > 0);
  const wins = decided.filter((best) => best.includes('own')).length;
  const direct = decided.filter((best) => best.includes('direct')).length;
  const general = decided.filter((best) => best.includes('general')).length;
  return (
    `Of the ${rows.length} rows below, a gateway per client is the best or shares the best place in ${wins}, the direct way in ${direct}, ` +
    `one gateway for all in ${general}; in ${rows.length - decided.length} all three are the same.`
  );
}

function modelText(results: Results): string {
  const rows = calibrationRows(results);
  if (rows.length === 0) return 'This run did not compare the model with packets.';
  const ratios = rows.map(({ packets, model }) => model / packets);
  const worst = rows.toSorted((a, b) => apart(b) - apart(a))[0];
  return (
    `Beside the packets, the same run asked for ${rows.length} of its cells through the model. The model's medians are ${percent(median(ratios))} ` +
    `of those of packets in the middle, ${percent(Math.min(...ratios))} to ${percent(Math.max(...ratios))} overall` +
    (worst === undefined
      ? '.'
      : `; the furthest apart is "${worst.what}" (packets ${Math.round(worst.packets)} ms, model ${Math.round(worst.model)} ms).`)
  );
}

const apart = ({ packets, model }: { packets: number; model: number }): number =>
  Math.abs(Math.log(model / packets));
const percent = (share: number): string => `${Math.round(share * 100)}%`;

/**
 * The page with what stands between its marks (`<!-- patterns:NAME -->` … `<!-- /patterns:NAME -->`) replaced.
 *
 * @throws Error naming a part for which the page has no marks
 */
export function filled(page: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [open, close] = [`<!-- patterns:${name} -->`, `<!-- /patterns:${name} -->`];
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`docs/patterns.md has no ${open} … ${close}`);
    return `${text.slice(0, from + open.length)}\n\n${part}\n\n${text.slice(to)}`;
  }, page);
}
