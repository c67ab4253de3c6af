import { css } from '@emotion/css';
import { AppEvents, type GrafanaTheme2 } from '@grafana/data';
import { Alert, useStyles2, type AlertVariant } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { appEvents } from '../services/app-events';

interface Toast {
  id: number;
  severity: AlertVariant;
  title: string;
}
const MAX = 5;

/** Alerts that the app publishes on Grafana's event bus. */
export function Toasts() {
  const styles = useStyles2(getStyles);
  const [toasts, setToasts] = useState<Toast[]>([]);
  useEffect(() => {
    let next = 0;
    const kinds = [
      [AppEvents.alertError, 'error'],
      [AppEvents.alertWarning, 'warning'],
      [AppEvents.alertSuccess, 'success'],
      [AppEvents.alertInfo, 'info'],
    ] as const;
    const subscriptions = kinds.map(([event, severity]) => {
      const onEvent = (payload: readonly unknown[] = []) =>
        setToasts((shown) => [...shown, { id: (next += 1), severity, title: String(payload[0]) }].slice(-MAX));
      appEvents.on(event, onEvent);
      return () => appEvents.off(event, onEvent);
    });
    return () => subscriptions.forEach((off) => off());
  }, []);
  return (
    <div className={styles.toasts} aria-live="polite">
      {toasts.map(({ id, severity, title }) => (
        <Alert
          key={id}
          severity={severity}
          title={title}
          elevated
          onRemove={() => setToasts((shown) => shown.filter((toast) => toast.id !== id))}
        />
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  toasts: css({
    position: 'fixed',
    right: theme.spacing(2),
    top: theme.spacing(12),
    width: 400,
    maxWidth: '90vw',
    zIndex: theme.zIndex.portal,
  }),
});
