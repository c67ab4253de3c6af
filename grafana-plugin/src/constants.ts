import pluginJson from './plugin.json';

/** Id of the app, in URLs, permissions and storage keys. */
export const PLUGIN_ID = pluginJson.id;

/** Name that guard-rail, model and service of a drill have, and nothing else; a test compares it with the language package. */
export const DRILL_NAME = 'guardspan-drill';

/** What Grafana keeps of the configuration, readable in the browser. The token is in secureJsonData. */
export interface AppSettings {
  /** URL of the evaluator as Grafana's server reaches it, without a path. */
  apiUrl?: string;
  /** Uid of the data source in which traces are looked up; empty for none. */
  tracesUid?: string;
}
