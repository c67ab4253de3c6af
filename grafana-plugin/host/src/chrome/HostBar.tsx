import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { config, getBackendSrv } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import { useId } from 'react';
import { hostData } from '../host-data';

const ZONES = ['browser', 'utc', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'];

/** Says that this is not Grafana, and switches what Grafana would know of the user: who, theme, time zone. */
export function HostBar() {
  const styles = useStyles2(getStyles);
  const id = useId();
  const { users, version, buffering } = hostData();
  const { login, theme, timezone } = config.bootData.user;
  const zones = ZONES.includes(timezone) ? ZONES : [timezone, ...ZONES];
  const here = () => window.location.pathname + window.location.search;
  const prefer = async (preference: { theme?: string; timezone?: string }) => {
    await getBackendSrv().put('/api/user/preferences', preference);
    const url = new URL(window.location.href);
    url.searchParams.delete('theme');
    window.location.assign(url);
  };
  return (
    <div className={styles.bar} role="region" aria-label="About this page">
      <span className={styles.what}>
        Stand-in for Grafana {version}, not Grafana: the same plugin on Grafana’s packages
        {buffering ? ', behind a buffering proxy' : ''}.
      </span>
      <label htmlFor={`${id}-user`}>User</label>
      <select
        id={`${id}-user`}
        className={styles.select}
        value={login}
        onChange={({ currentTarget }) =>
          window.location.assign(
            `${config.appSubUrl}/host/user?login=${encodeURIComponent(currentTarget.value)}&to=${encodeURIComponent(here())}`,
          )
        }
      >
        {users.map((user) => (
          <option key={user.login} value={user.login}>
            {user.name}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}-theme`}>Theme</label>
      <select
        id={`${id}-theme`}
        className={styles.select}
        value={theme}
        onChange={({ currentTarget }) => void prefer({ theme: currentTarget.value })}
      >
        <option>dark</option>
        <option>light</option>
      </select>
      <label htmlFor={`${id}-zone`}>Time zone</label>
      <select
        id={`${id}-zone`}
        className={styles.select}
        value={timezone}
        onChange={({ currentTarget }) => void prefer({ timezone: currentTarget.value })}
      >
        {zones.map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </select>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    padding: theme.spacing(0.5, 2),
    fontSize: theme.typography.bodySmall.fontSize,
    background: theme.colors.background.secondary,
    borderBottom: `1px solid ${theme.colors.border.medium}`,
  }),
  what: css({ flexGrow: 1, fontWeight: theme.typography.fontWeightMedium }),
  select: css({
    background: theme.components.input.background,
    color: theme.colors.text.primary,
    border: `1px solid ${theme.components.input.borderColor}`,
    borderRadius: theme.shape.radius.default,
    padding: theme.spacing(0, 0.5),
    // Grafana's own styles size its form elements, and these are none of them.
    width: 'auto',
    height: theme.spacing(3),
  }),
});
