import {
  PluginExtensionTypes,
  type AppPlugin,
  type PluginExtensionAddedLinkConfig,
  type PluginExtensionLink,
  type PluginExtensionOpenModalOptions,
} from '@grafana/data';

type AddedLink = { title: string; description?: string; targets: string | string[] };

/** Where modals that a link opens are shown; the chrome sets it. */
export const modal: { open: (options: PluginExtensionOpenModalOptions) => void } = { open: () => undefined };

let app: AppPlugin | undefined;

/** Names the app whose links are shown. */
export function registerApp(plugin: AppPlugin): void {
  app = plugin;
  for (const link of plugin.addedLinkConfigs) {
    const problem = problemOf(link);
    if (problem !== undefined) console.error(`Extension "${link.title}" is not shown: ${problem}`);
  }
}

/** Links of the app at an extension point, as Grafana would show them: configured for the context, at most `limitPerPlugin`. */
export function linksAt(extensionPointId: string, context?: object, limitPerPlugin?: number): PluginExtensionLink[] {
  if (app === undefined) return [];
  const pluginId = app.meta.id;
  const links = app.addedLinkConfigs
    .filter((link) => [link.targets].flat().includes(extensionPointId) && problemOf(link) === undefined)
    .flatMap((link): PluginExtensionLink[] => {
      const frozen = context === undefined ? undefined : Object.freeze({ ...context });
      const own = link.configure === undefined ? {} : link.configure(frozen);
      if (own === undefined) return [];
      const { title, description = '', path, icon, category, openInNewTab, onClick } = { ...link, ...own };
      return [
        {
          id: `${pluginId}-${title}`,
          type: PluginExtensionTypes.link,
          pluginId,
          title,
          description,
          ...(path === undefined ? {} : { path }),
          ...(icon === undefined ? {} : { icon }),
          ...(category === undefined ? {} : { category }),
          ...(openInNewTab === undefined ? {} : { openInNewTab }),
          ...(onClick === undefined
            ? {}
            : {
                onClick: (event?: React.MouseEvent) =>
                  onClick(event, {
                    ...(frozen === undefined ? {} : { context: frozen }),
                    extensionPointId,
                    openModal: (options) => modal.open(options),
                    openSidebar: () => undefined,
                    closeSidebar: () => undefined,
                    toggleSidebar: () => undefined,
                  } as Parameters<typeof onClick>[1]),
              }),
        },
      ];
    });
  return limitPerPlugin === undefined ? links : links.slice(0, limitPerPlugin);
}

/** Why Grafana would leave a link out: it compares links with plugin.json, and wants a path of the app or a handler. */
function problemOf(link: PluginExtensionAddedLinkConfig): string | undefined {
  if (app === undefined) return 'there is no app';
  const { id, extensions } = app.meta as { id: string; extensions?: { addedLinks?: AddedLink[] } };
  if (link.path === undefined && link.onClick === undefined) return 'it has neither a path nor onClick';
  if (link.path !== undefined && !link.path.startsWith(`/a/${id}/`)) return `its path does not begin with /a/${id}/`;
  const declared = extensions?.addedLinks?.find(({ title }) => title === link.title);
  if (declared === undefined) return 'plugin.json does not name it in extensions.addedLinks';
  const missing = [link.targets].flat().find((target) => ![declared.targets].flat().includes(target));
  return missing === undefined ? undefined : `plugin.json does not name its target ${missing}`;
}
