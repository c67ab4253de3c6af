// Parts of Grafana's packages that its core uses and `exports` does not name; rspack.config.mjs says where they are.
declare module '@host/PluginPage' {
  export { setPluginPage } from '@grafana/runtime/dist/types/components/PluginPage';
}
declare module '@host/PanelRenderer' {
  export { setPanelRenderer } from '@grafana/runtime/dist/types/components/PanelRenderer';
}
declare module '@host/PanelDataErrorView' {
  export { setPanelDataErrorView } from '@grafana/runtime/dist/types/components/PanelDataErrorView';
}
declare module '@host/observable-links' {
  export { setGetObservablePluginLinks } from '@grafana/runtime/dist/types/services/pluginExtensions/getObservablePluginLinks';
}
declare module '@host/i18n' {
  export { initializeI18n, addResourceBundle } from '@grafana/i18n/dist/types/i18n';
}
declare module 'systemjs/dist/*';
declare module '*.css';
declare module 'prismjs';
declare module 'react-router-dom' {
  // Version 5, which Grafana still shares; its routes are those of the compatibility package.
  export const Router: React.ComponentType<{ history: object; children: React.ReactNode }>;
  export const Switch: React.ComponentType<{ children: React.ReactNode }>;
  export const Redirect: React.ComponentType<{ to: string }>;
  export const Route: React.ComponentType<{ path: string; render: () => React.ReactNode }>;
  export const Route: ComponentType<{ path: string; render: () => ReactNode }>;
}
