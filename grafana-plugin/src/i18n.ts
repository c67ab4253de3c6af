import { t as translate } from '@grafana/i18n';

/** Names and numbers that stand in a text, the number of things (`count`), and what it says of one of them. */
export interface Values {
  [name: string]: unknown;
}

/**
 * A text in the user's language. What is put into it stays as it is: React escapes what it shows, so escaping it here too would show `&#39;`.
 *
 * @param key Where translators find it.
 * @param text In English, as the file of texts has it.
 */
export function t(key: string, text: string, values: Values = {}): string {
  return translate(key, text, { ...values, interpolation: { escapeValue: false } });
}
