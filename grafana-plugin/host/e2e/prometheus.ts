/** What a panel asks. */
export interface PanelQueries {
  targets?: ReadonlyArray<{ expr: string; instant?: boolean }>;
}

/** Whether a Prometheus has a value for one of the queries of a panel, asked past the host. Variables choose everything but one guard-rail. */
export async function hasData(
  url: string,
  panel: PanelQueries,
  guardrail: string,
  { seconds, until }: { seconds: number; until: number },
): Promise<boolean> {
  for (const { expr, instant } of panel.targets ?? []) {
    const query = expr
      .replaceAll('$__rate_interval', '4s')
      .replaceAll('$__range', `${seconds}s`)
      .replaceAll('$guardrail', guardrail)
      .replace(/\$[a-z]+/g, '.*');
    const times = instant === true ? { time: until } : { start: until - seconds, end: until, step: 1 };
    const parameters = new URLSearchParams(
      Object.entries({ query, ...times }).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const response = await fetch(`${url}/api/v1/${instant === true ? 'query' : 'query_range'}?${parameters}`);
    const { data } = (await response.json()) as { data: { result: unknown[] } };
    if (data.result.length > 0) return true;
  }
  return false;
}

/** True when a Prometheus has known the evaluator for some seconds: before, what it says depends on the very moment that is asked for. */
export async function knowsEvaluator(url: string): Promise<boolean> {
  const query = new URLSearchParams({ query: 'guardspan_build_info offset 5s' });
  const { data } = (await (await fetch(`${url}/api/v1/query?${query}`)).json()) as { data: { result: unknown[] } };
  return data.result.length > 0;
}

/** How many traces of calls a Prometheus knows of a guard-rail in the last hour. */
export async function tracesOf(url: string, guardrail: string): Promise<number> {
  const end = Date.now() / 1000;
  const query = `guardspan_guardrail_calls_total{guardrail="${guardrail}"}`;
  const asked = new URLSearchParams({ query, start: String(end - 3600), end: String(end) });
  const { data } = (await (await fetch(`${url}/api/v1/query_exemplars?${asked}`)).json()) as {
    data: Array<{ exemplars: unknown[] }>;
  };
  return data.reduce((sum, { exemplars }) => sum + exemplars.length, 0);
}
