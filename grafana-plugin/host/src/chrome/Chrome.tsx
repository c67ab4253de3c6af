import { css } from '@emotion/css';
import type { AppPluginMeta, GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { Breadcrumbs } from './Breadcrumbs';
import { CommandPalette } from './CommandPalette';
import { HostBar } from './HostBar';
import { Menu } from './Menu';
import { ModalHost } from './ModalHost';
import { Toasts } from './Toasts';
import { AppMeta } from './page-context';

/** What stands around every page. With `kiosk` in the address only the page itself, as in Grafana. */
export function Chrome({ meta, children }: { meta: AppPluginMeta; children: ReactNode }) {
  const styles = useStyles2(getStyles);
  const kiosk = new URLSearchParams(window.location.search).has('kiosk');
  return (
    <AppMeta.Provider value={meta}>
      <div className={styles.app}>
        <HostBar />
        <div className={styles.below}>
          {!kiosk && <Menu meta={meta} />}
          <div className={styles.main}>
            {!kiosk && <Breadcrumbs name={meta.name} />}
            <main className={styles.page}>{children}</main>
          </div>
        </div>
        <Toasts />
        <CommandPalette />
        <ModalHost />
      </div>
    </AppMeta.Provider>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  app: css({
    display: 'flex',
    flexDirection: 'column',
    minHeight: '100vh',
    color: theme.colors.text.primary,
    background: theme.colors.background.primary,
  }),
  below: css({ display: 'flex', flexGrow: 1 }),
  main: css({ display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0 }),
  page: css({ display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0 }),
});
