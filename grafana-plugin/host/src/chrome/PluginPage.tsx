import { css } from '@emotion/css';
import { PageLayoutType, type GrafanaTheme2, type NavModelItem } from '@grafana/data';
import type { PluginPageProps } from '@grafana/runtime';
import { Tab, TabsBar, useStyles2 } from '@grafana/ui';
import { useContext, useEffect } from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { breadcrumbs } from './breadcrumbs';
import { AppMeta } from './page-context';

/** Frame of a page, laid out as Grafana's: title, sentence, buttons, tabs, content. */
export function PluginPage({ children, pageNav, subTitle, actions, info, renderTitle, layout }: PluginPageProps) {
  const styles = useStyles2(getStyles);
  const meta = useContext(AppMeta);
  const { pathname } = useLocation();
  const include = meta?.includes?.find(({ path }) => path === pathname);
  const page: NavModelItem = pageNav ?? { text: include?.name ?? meta?.name ?? '' };
  const trail = [...ancestors(page), page.text].join(' › ');
  useEffect(() => {
    breadcrumbs.set(trail);
    document.title = `${trail} - ${meta?.name ?? ''} - stand-in for Grafana`;
  }, [trail, meta]);
  if (layout === PageLayoutType.Custom) return <>{children}</>;
  const sentence = subTitle ?? page.subTitle;
  return (
    <div className={styles.page}>
      <div className={styles.header}>
        <div className={styles.heading}>
          {renderTitle === undefined ? <h1 className={styles.title}>{page.text}</h1> : renderTitle(page.text)}
          {sentence !== undefined && <div className={styles.subTitle}>{sentence}</div>}
        </div>
        {info?.map(({ label, value }) => (
          <div key={label}>
            {label}: {value}
          </div>
        ))}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {page.children !== undefined && page.hideFromTabs !== true && (
        <TabsBar>
          {page.children.map(({ text, url, active, icon }) => (
            <Tab
              key={text}
              label={text}
              active={active ?? false}
              {...(url === undefined ? {} : { href: url })}
              {...(icon === undefined ? {} : { icon: icon as 'cog' })}
            />
          ))}
        </TabsBar>
      )}
      <div className={styles.content}>{children}</div>
    </div>
  );
}

function ancestors({ parentItem }: NavModelItem): string[] {
  return parentItem === undefined ? [] : [...ancestors(parentItem), parentItem.text];
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ padding: theme.spacing(2, 4), display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0 }),
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 3),
    marginBottom: theme.spacing(2),
  }),
  heading: css({ flex: '1 1 300px', minWidth: 0 }),
  title: css({ margin: 0 }),
  subTitle: css({ color: theme.colors.text.secondary }),
  actions: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  content: css({ flexGrow: 1, minWidth: 0 }),
});
