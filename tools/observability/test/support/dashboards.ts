export interface PanelJson {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}

export interface DashboardJson {
  readonly title: string;
  /** The queries of its variables: `label_values(metric, label)`. */
  readonly variables: readonly string[];
  readonly panels: readonly PanelJson[];
  readonly rows: readonly PanelJson[];
}

interface Written {
  readonly title: string;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly { readonly type: string; readonly query: string }[] };
}

/** The dashboards among generated files, as Grafana gets them. */
export function dashboardsIn(files: Readonly<Record<string, string>>): readonly DashboardJson[] {
  return Object.entries(files)
    .filter(([file]) => file.startsWith('grafana/dashboards/'))
    .map(([, text]) => JSON.parse(text) as Written)
    .map(({ title, panels, templating: { list } }) => ({
      title,
      variables: list.filter(({ type }) => type === 'query').map(({ query }) => query),
      panels: panels.filter(({ type }) => type !== 'row'),
      rows: panels.filter(({ type }) => type === 'row'),
    }));
}

/** A panel's query as it is with everything chosen, over an interval. */
export function resolved(expr: string, interval: string): string {
  return expr.replaceAll('$__rate_interval', interval).replaceAll(/\$(?:process|route|objective)\b/g, '.*');
}
