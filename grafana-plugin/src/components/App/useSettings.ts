import { createContext, useContext } from 'react';
import type { AppSettings } from '../../constants';

export const SettingsContext = createContext<AppSettings>({});

/** What an administrator configured. */
export function useSettings(): AppSettings {
  return useContext(SettingsContext);
}
