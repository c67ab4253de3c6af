import { config } from '@grafana/runtime';
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { type ReactNode } from 'react';
import { MemoryRouter, Route, Routes } from 'react-router-dom';
import { createQueryClient } from '../api/queryClient';
import { SettingsContext } from '../components/App/useSettings';
import type { Access } from '../api/request';
import { LiveProvider } from '../live/LiveProvider';
import { actionOf } from '../permissions/may';
import { APP_PATH } from '../routing/routes';

interface Options {
  /** Path of the page below the app, with parameters: `guardrails/:name`. */
  route?: string;
  /** Where the browser is: `guardrails/slow`. */
  at?: string;
  /** What Grafana lets the user do. Everything by default. */
  may?: readonly Access[];
}

/** Renders a page as the app does, for a user of given permissions. */
export function renderPage(
  page: ReactNode,
  { route = '*', at = '', may = ['read', 'write', 'approve'] }: Options = {},
) {
  config.bootData.user.permissions = Object.fromEntries(may.map((access) => [actionOf(access), true]));
  const client = createQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  const view = render(
    <SettingsContext.Provider value={{ apiUrl: 'http://evaluator:7420' }}>
      <QueryClientProvider client={client}>
        <MemoryRouter
          future={{ v7_startTransition: true, v7_relativeSplatPath: true }}
          initialEntries={[`${APP_PATH}/${at}`]}
        >
          <LiveProvider>
            <Routes>
              <Route path={`${APP_PATH}/${route}`} element={page} />
            </Routes>
          </LiveProvider>
        </MemoryRouter>
      </QueryClientProvider>
    </SettingsContext.Provider>,
  );
  return { ...view, client, user: userEvent.setup() };
}
