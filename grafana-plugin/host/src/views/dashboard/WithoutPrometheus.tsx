import { Alert } from '@grafana/ui';

/** In place of panels that would all say the same: dashboards read Prometheus, and the host was started without one. */
export function WithoutPrometheus() {
  return (
    <Alert severity="info" title="This dashboard reads Prometheus, and none is here">
      <p>
        <code>npm start</code> brings one along when it finds <code>prometheus</code> and <code>promtool</code> in a
        folder of <code>PATH</code> or in <code>GUARDSPAN_PROMETHEUS_DIR</code>. Install it, end the demonstration and
        start it again.
      </p>
      <p>
        A host that was started by <code>npm run grafana:host</code> takes <code>--prometheus URL</code>, the address of
        one that scrapes the evaluator.
      </p>
    </Alert>
  );
}
