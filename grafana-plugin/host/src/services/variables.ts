import type { ScopedVars, TypedVariableModel } from '@grafana/data';

/** Variables of the dashboard that is shown: those of the address, `var-service=checkout`. */
export function dashboardVariables(): TypedVariableModel[] {
  const names = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(window.location.search)) {
    if (key.startsWith('var-')) names.set(key.slice(4), [...(names.get(key.slice(4)) ?? []), value]);
  }
  return [...names].map(([name, values]) => {
    const value = values.length === 1 ? values[0] : values;
    return { name, type: 'custom', current: { text: value, value }, options: [] } as unknown as TypedVariableModel;
  });
}

/** Replaces `$name` and `${name:format}` by the value of a variable; what is not known stays. */
export function replaceVariables(text = '', scoped: ScopedVars = {}): string {
  const values = new Map(
    dashboardVariables().map((variable) => [
      variable.name,
      (variable as { current?: { value?: unknown } }).current?.value,
    ]),
  );
  return text.replace(
    /\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g,
    (whole, braced: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain ?? '';
      const value: unknown = scoped[name]?.value ?? values.get(name);
      if (value === undefined) return whole;
      return Array.isArray(value) ? `{${value.join(',')}}` : String(value);
    },
  );
}
