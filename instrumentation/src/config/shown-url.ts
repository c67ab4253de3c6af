import { shownUrl as shown } from '@guardspan/policy/runtime';

/** An address as it may be logged: see {@link shown}. Never throws. */
export function shownUrl(text: string): string {
  return URL.canParse(text) ? shown(new URL(text)) : 'an address that cannot be read';
}
