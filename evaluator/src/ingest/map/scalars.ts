import type { CallValue } from '@guardspan/policy';

/** The value when it is a text, else the empty text. */
export function text(value: CallValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The value when it is a number, else NaN. */
export function number(value: CallValue | undefined): number {
  return typeof value === 'number' ? value : NaN;
}
