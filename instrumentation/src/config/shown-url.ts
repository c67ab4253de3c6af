/** An address as it may be logged: without a name, a password, a query and a fragment, which may be secrets. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
