import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { PLUGIN_ID, type AppSettings } from '../../constants';

export interface SettingsInput {
  jsonData: AppSettings;
  /** Undefined leaves the token that Grafana holds. */
  apiToken: string | undefined;
}

/** Stores the settings and enables the app. A secret goes only when it was entered: Grafana takes an empty one for a new value. */
export async function saveSettings({ jsonData, apiToken }: SettingsInput): Promise<void> {
  await lastValueFrom(
    getBackendSrv().fetch({
      url: `/api/plugins/${PLUGIN_ID}/settings`,
      method: 'POST',
      data: {
        enabled: true,
        pinned: true,
        jsonData,
        ...(apiToken === undefined ? {} : { secureJsonData: { apiToken } }),
      },
      showErrorAlert: false,
      showSuccessAlert: false,
    }),
  );
}
