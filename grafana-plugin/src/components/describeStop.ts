import type { KillScope } from '../api/client';
import { t } from '../i18n';

/** What a stop of enforcement is about, in words. */
export function describeStop({ guardrail, model, service }: KillScope): string {
  const parts = [
    guardrail === '' ? '' : t('kill.guardrail', 'guard-rail {{guardrail}}', { guardrail }),
    model === '' ? '' : t('kill.model', 'model {{model}}', { model }),
    service === '' ? '' : t('kill.service', 'service {{service}}', { service }),
  ].filter((part) => part !== '');
  return parts.length === 0 ? t('kill.everything', 'everything') : parts.join(', ');
}
