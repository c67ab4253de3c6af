/** What the host's server says of itself in the page. */
export interface HostData {
  pluginId: string;
  /** Of the Grafana packages. */
  version: string;
  buffering: boolean;
  users: ReadonlyArray<{ login: string; name: string }>;
}

declare global {
  interface Window {
    guardspanHost: HostData;
  }
}

/** Reads what the server wrote into the page. */
export function hostData(): HostData {
  return window.guardspanHost;
}
