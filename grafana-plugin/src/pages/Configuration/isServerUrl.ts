/** Whether a text is the URL of a server, without credentials, query or fragment: the proxy appends its path. */
export function isServerUrl(text: string): boolean {
  try {
    const { protocol, username, password, search, hash } = new URL(text);
    return ['http:', 'https:'].includes(protocol) && username + password + search + hash === '';
  } catch {
    return false;
  }
}
