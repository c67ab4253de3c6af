import type { AppPluginMeta } from '@grafana/data';
import { createContext } from 'react';

/** The app whose pages are shown. */
export const AppMeta = createContext<AppPluginMeta | undefined>(undefined);
