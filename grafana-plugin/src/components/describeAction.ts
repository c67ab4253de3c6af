import { t } from '../i18n';

/** An action as a directive or document has it, in a few words. */
export function describeAction(action: { type: string; [detail: string]: unknown }): string {
  const { type, to, percent, rate, by } = action;
  if (type === 'reroute' && typeof to === 'string') {
    return typeof percent === 'number' && percent < 100
      ? t('action.reroute-part', 'reroute {{percent}} % to {{to}}', { percent, to })
      : t('action.reroute', 'reroute to {{to}}', { to });
  }
  if (type === 'throttle' && typeof rate === 'number') {
    return t('action.throttle', 'throttle to {{rate}} per second', { rate });
  }
  const rewriter: unknown = typeof by === 'object' && by !== null && 'name' in by ? by.name : undefined;
  if (type === 'rewrite' && typeof rewriter === 'string') {
    return t('action.rewrite', 'rewrite by {{rewriter}}', { rewriter });
  }
  return type;
}
