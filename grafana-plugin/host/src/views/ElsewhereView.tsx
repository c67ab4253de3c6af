import { useMemo } from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { PluginPage } from '../chrome/PluginPage';

/** Addresses that belong to Grafana itself: says what would be there, with the parameters that the app passed. */
export function ElsewhereView() {
  const { pathname, search } = useLocation();
  const page = useMemo(() => ({ text: 'Not in the stand-in' }), []);
  return (
    <PluginPage pageNav={page}>
      <p>
        In Grafana this address opens <code>{pathname}</code>.
      </p>
      <pre aria-label="Parameters">
        {[...new URLSearchParams(search)].map(([name, value]) => `${name}: ${readable(value)}`).join('\n')}
      </pre>
    </PluginPage>
  );
}

function readable(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
