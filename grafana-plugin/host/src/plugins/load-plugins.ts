import { PanelPlugin, type AppPlugin, type AppPluginMeta, type PanelPluginMeta } from '@grafana/data';
import { config, getBackendSrv } from '@grafana/runtime';
import { addResourceBundle } from '@host/i18n';
import { corePanel } from '../panels/core-panels';
import { importModule } from './shared-modules';

type Translated = { translations?: { [language: string]: string } };

/** Loads the app: its settings, its texts, its module. Rejects when there is none. */
export async function loadApp(id: string): Promise<AppPlugin> {
  const meta = await getBackendSrv().get<AppPluginMeta & Translated>(`/api/plugins/${id}/settings`);
  await loadTexts(meta);
  const exports = await importModule(meta.module);
  const plugin = exports.plugin as AppPlugin;
  plugin.init(meta);
  plugin.meta = meta;
  return plugin;
}

const panels = new Map<string, PanelPlugin>();

/** Loads a panel plugin, the app's nested ones or a stand-in for one of Grafana's core. Rejects when there is none of this id. */
export async function loadPanel(id: string): Promise<PanelPlugin> {
  const known = panelFromCache(id);
  if (known !== undefined) return known;
  const meta = (config.panels as { [id: string]: PanelPluginMeta & Translated })[id];
  if (meta === undefined) throw new Error(`There is no panel plugin ${id} in the host.`);
  await loadTexts(meta);
  const plugin = (await importModule(meta.module)).plugin as PanelPlugin;
  plugin.meta = meta;
  panels.set(id, plugin);
  return plugin;
}

/** A panel plugin that was loaded before, or undefined. */
export function panelFromCache(id: string): PanelPlugin | undefined {
  return panels.get(id) ?? corePanel(id);
}

async function loadTexts({ id, translations = {} }: { id: string } & Translated): Promise<void> {
  const { language } = config.bootData.user;
  const path = translations[language];
  if (path === undefined) return;
  const response = await fetch(`${config.appSubUrl}/${path}`);
  if (response.ok) addResourceBundle(language, id, await response.json());
}
