import type { AppRootProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import React, { Suspense, useState } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { createQueryClient } from '../../api/queryClient';
import type { AppSettings } from '../../constants';
import { t } from '../../i18n';
import { LiveProvider } from '../../live/LiveProvider';
import { useMay } from '../../permissions/useMay';
import { pages } from '../../routing/pages';
import { AppPage } from '../AppPage';
import { Nothing } from '../Nothing';
import { NoPermission } from '../NoPermission';
import { NotConfigured } from './NotConfigured';
import { SettingsContext } from './useSettings';

/** Root of the app: what all pages share, and which page a path shows. */
function App({ meta }: AppRootProps<AppSettings>) {
  const [client] = useState(createQueryClient);
  const settings = meta.jsonData ?? {};
  if (!settings.apiUrl) {
    return <NotConfigured />;
  }
  return (
    <SettingsContext.Provider value={settings}>
      <QueryClientProvider client={client}>
        <AppRoutes />
      </QueryClientProvider>
    </SettingsContext.Provider>
  );
}

function AppRoutes() {
  const { allowed, reason } = useMay('read');
  if (!allowed) {
    return (
      <AppPage title={t('app.title', 'Guardspan')}>
        <NoPermission reason={reason} />
      </AppPage>
    );
  }
  return (
    <LiveProvider>
      <Suspense fallback={<LoadingPlaceholder text={t('query.loading', 'Loading…')} />}>
        <Routes>
          {pages.map(({ path, Page }) => (
            <Route key={path} path={path} element={<Page />} />
          ))}
          <Route index element={<Navigate to="overview" replace />} />
          <Route path="*" element={<NoPage />} />
        </Routes>
      </Suspense>
    </LiveProvider>
  );
}

function NoPage() {
  return (
    <AppPage title={t('app.no-page', 'There is no such page')}>
      <Nothing message={t('app.no-page-message', 'Nothing is served at this address.')}>
        {t('app.no-page-next', 'The menu has every page of the app.')}
      </Nothing>
    </AppPage>
  );
}

export default App;
