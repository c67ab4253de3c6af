import { css } from '@emotion/css';
import type { AppPluginMeta, GrafanaTheme2 } from '@grafana/data';
import { config } from '@grafana/runtime';
import { Icon, useStyles2, type IconName } from '@grafana/ui';
import { useLocation } from 'react-router-dom-v5-compat';
import { useDashboards } from '../services/use-dashboards';
import { mayOpen } from '../views/may-open';

const OWN: ReadonlyArray<[text: string, path: string, icon: IconName]> = [
  ['Panels of the app', '/host/panels', 'apps'],
  ['Links of the app', '/host/links', 'link'],
];

/** The pages of the app that the user may open, as Grafana's menu has them, and views of the host for what is not a page. */
export function Menu({ meta }: { meta: AppPluginMeta }) {
  const styles = useStyles2(getStyles);
  const { pathname } = useLocation();
  const dashboards = useDashboards();
  const link = (text: string, path: string, icon?: IconName) => (
    <li key={path}>
      <a
        className={styles.link}
        href={`${config.appSubUrl}${path}`}
        {...(pathname === path || (pathname.startsWith(`${path}/`) && path.startsWith('/a/'))
          ? { 'aria-current': 'page' as const }
          : {})}
      >
        {icon !== undefined && <Icon name={icon} />}
        {text}
      </a>
    </li>
  );
  const pages = (meta.includes ?? []).filter((page) => page.type === 'page' && page.addToNav === true && mayOpen(page));
  return (
    <nav className={styles.menu} aria-label="Main menu">
      <div className={styles.heading}>
        <Icon name="shield" /> {meta.name}
      </div>
      <ul className={styles.list}>{pages.map(({ name, path = '' }) => link(name, path))}</ul>
      <div className={styles.heading}>Dashboards</div>
      <ul className={styles.list}>{dashboards.map(({ uid, title }) => link(title, `/d/${uid}`))}</ul>
      <div className={styles.heading}>Views of the stand-in</div>
      <ul className={styles.list}>{OWN.map(([text, path, icon]) => link(text, path, icon))}</ul>
    </nav>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  menu: css({
    width: 220,
    flexShrink: 0,
    padding: theme.spacing(2, 1),
    borderRight: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    '@media (max-width: 800px)': { display: 'none' },
  }),
  heading: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1),
    color: theme.colors.text.secondary,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  list: css({ listStyle: 'none', margin: theme.spacing(0, 0, 2) }),
  link: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 1, 0.75, 2),
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.primary,
    '&:hover': { background: theme.colors.action.hover },
    '&[aria-current]': { background: theme.colors.action.selected },
  }),
});
