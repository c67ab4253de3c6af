import type { NavModelItem } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { Stack } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { KillBanner } from './KillBanner';
import { LiveBadge } from './LiveBadge';

interface Props {
  title: string;
  /** One sentence: what this page answers. */
  subTitle?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  /** The page above, for the breadcrumbs of a detail page. */
  parent?: NavModelItem;
  children: ReactNode;
}

/** Frame of every page: Grafana's own, with how current the page is beside the page's buttons, and what stops enforcement above all. */
export function AppPage({ title, subTitle, actions, parent, children }: Props) {
  return (
    <PluginPage
      pageNav={{ text: title, parentItem: parent }}
      subTitle={subTitle}
      actions={
        <Stack alignItems="center" gap={2}>
          <LiveBadge />
          {actions}
        </Stack>
      }
    >
      <KillBanner />
      {children}
    </PluginPage>
  );
}
