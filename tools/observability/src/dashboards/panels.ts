import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
  type DataSourceRef,
} from '@grafana/grafana-foundation-sdk/common';
import {
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
  type Threshold,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source that a dashboard's variable chooses. */
export const DATA_SOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** The whole grid is 24 wide. */
export const GRID = 24;

export type Unit = 'reqps' | 'ops' | 'percentunit' | 's' | 'short' | 'bytes' | 'dateTimeAsIso';

interface Shown {
  readonly title: string;
  /** What it tells, and what to do where it looks bad; shown at the panel's corner. */
  readonly description: string;
  readonly unit: Unit;
  /** Of 24. */
  readonly width?: number;
}

export interface Query {
  readonly expr: string;
  /** Labels in double braces: `{{http_route}}`. */
  readonly legend: string;
}

interface Graph extends Shown {
  readonly queries: readonly Query[];
  /** Whether the series add up to something. */
  readonly stacked?: boolean;
  /** Whether points link to traces of requests that took as long. */
  readonly exemplars?: boolean;
}

/** Lines over time. */
export function graph({
  queries,
  stacked = false,
  exemplars = false,
  width = 8,
  ...shown
}: Graph): Builder<Panel> {
  const panel = new GraphBuilder()
    .title(shown.title)
    .description(shown.description)
    .datasource(DATA_SOURCE)
    .unit(shown.unit)
    .min(0)
    .span(width)
    .height(8)
    .fillOpacity(stacked ? 25 : 5)
    .lineWidth(1)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['mean', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  queries.forEach(({ expr, legend }, index) =>
    panel.withTarget(queryOf(expr, index).range().legendFormat(legend).exemplar(exemplars)),
  );
  return panel;
}

interface Stat extends Shown {
  readonly expr: string;
  /** From which value on it is a warning, and from which it is bad. */
  readonly limits?: readonly [warning: number, bad: number];
}

/** One number, with its course behind it. */
export function stat({ expr, limits, width = 4, ...shown }: Stat): Builder<Panel> {
  return new StatBuilder()
    .title(shown.title)
    .description(shown.description)
    .datasource(DATA_SOURCE)
    .unit(shown.unit)
    .span(width)
    .height(4)
    .graphMode(BigValueGraphMode.Area)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholdsOf(limits))
    .withTarget(queryOf(expr, 0).range());
}

interface Column {
  readonly name: string;
  readonly unit: Unit;
  readonly expr: string;
  readonly limits?: Stat['limits'];
}

interface Table extends Omit<Shown, 'unit'> {
  /** The labels that make a row, and their headings. */
  readonly rows: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
}

/** A row for each set of labels, a column for each query, each as it is now. */
export function table({ rows, columns, title, description, width = GRID }: Table): Builder<Panel> {
  const panel = new TableBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .span(width)
    .height(10)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organized(rows, columns) });
  columns.forEach(({ name, unit, expr, limits }, index) => {
    panel.withTarget(queryOf(expr, index).instant().format(PromQueryFormat.Table));
    panel.overrideByName(name, [
      { id: 'unit', value: unit },
      ...(limits === undefined
        ? []
        : [
            { id: 'thresholds', value: thresholdsOf(limits).build() },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ]),
    ]);
  });
  return panel;
}

/** The order and the headings of a table, and what of each query's labels is not shown. */
function organized(rows: Table['rows'], columns: readonly Column[]): object {
  const shown: readonly (readonly [field: string, heading: string])[] = [
    ...Object.entries(rows),
    ...columns.map(({ name }, index) => [`Value #${refIdOf(index)}`, name] as const),
  ];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(shown.map(([field], index) => [field, index])),
    renameByName: Object.fromEntries(shown),
  };
}

function queryOf(expr: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder().refId(refIdOf(index)).datasource(DATA_SOURCE).expr(expr);
}

const refIdOf = (index: number): string => String.fromCharCode(65 + index);

function thresholdsOf([warning, bad]: Partial<NonNullable<Stat['limits']>> = []): ThresholdsConfigBuilder {
  const steps: Threshold[] = [{ value: null, color: warning === undefined ? 'text' : 'green' }];
  if (warning !== undefined) steps.push({ value: warning, color: 'orange' });
  if (bad !== undefined) steps.push({ value: bad, color: 'red' });
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
