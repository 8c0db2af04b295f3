import type { SpanExporter, TracesConfig } from '@facet/platform';
import type { Recorder } from './recorder.js';
import { spansOf } from './spans.js';

/**
 * Exports the traces of requests: those that were sampled from their head on, and, whatever was said there, those that failed,
 * were answered in part or took long. Of these last a service has exported what it saw itself.
 */
export function exportTraces(
  recorder: Recorder,
  exporter: SpanExporter,
  { slowMs }: Pick<TracesConfig, 'slowMs'>,
): void {
  recorder.add({
    wantsServerTimes: false,
    wantsSpans: true,
    wants: ({ trace, run }, { status, tookMs }) =>
      trace.sampled || status >= 500 || tookMs >= slowMs || (status < 400 && run?.isDegraded === true),
    read: (record) => exporter.export(spansOf(record)),
  });
}
