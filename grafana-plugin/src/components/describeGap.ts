import { t } from '../i18n';

/** A reason of the closed set why calls are not guarded, in words. */
export function describeGap(reason: string): string {
  const words: { [reason: string]: string } = {
    unpatched_client: t('gap.unpatched', 'client that could not be patched'),
    raw_http: t('gap.raw', 'HTTP request outside of a client'),
    unreadable: t('gap.unreadable', 'request to a model that could not be read'),
    foreign_span: t('gap.foreign', 'other instrumentation, without our package'),
    disabled: t('gap.disabled', 'switched off in the process'),
    no_guardrails: t('gap.none', 'no guard-rail was loaded'),
    error: t('gap.error', 'the guard failed'),
  };
  return words[reason] ?? reason;
}
