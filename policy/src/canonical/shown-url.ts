/** A part of a path that only a machine writes: keys of incoming webhooks stand there. */
const KEY = /^(?=.*\d)(?=.*[a-z]).{16,}$|^.{24,}$/i;

/** What is read of a `URL`. */
export interface AddressParts {
  protocol: string;
  host: string;
  pathname: string;
}

/**
 * An address as others may read it: without a name, a password, a query and a fragment, and with `***` for each part of the path that looks like a key (16 characters
 * or more with letters and digits, or 24 of any kind).
 */
export function shownUrl({ protocol, host, pathname }: AddressParts): string {
  const path = pathname.split('/').map((part) => (KEY.test(part) ? '***' : part));
  return `${protocol}//${host}${pathname === '/' ? '' : path.join('/')}`;
}
