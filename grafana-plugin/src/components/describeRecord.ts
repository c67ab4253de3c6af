import { z } from 'zod';
import type { AuditRecord } from '../api/answers';
import { t } from '../i18n';

const bodySchema = z.looseObject({
  change: z.string().optional(),
  mode: z.string().optional(),
  reason: z.string().optional(),
  approver: z.string().optional(),
  selfApproved: z.boolean().optional(),
  judgement: z.string().optional(),
  state: z.string().optional(),
  action: z.string().optional(),
  disposition: z.string().optional(),
});

/** What a record of the audit says was changed, in one sentence without its subject. */
export function describeRecord({ kind, guardrail, body }: AuditRecord): string {
  const read = bodySchema.safeParse(body).data ?? {};
  const { change = '', mode, reason, approver, selfApproved, judgement, state, action, disposition } = read;
  const name = guardrail === '' ? t('scope.everything', 'everything') : guardrail;
  const why = reason === undefined || reason === '' ? '' : `: ${reason}`;
  switch (kind) {
    case 'document': {
      const by =
        selfApproved === true
          ? t('record.self-approved', 'approved by its author')
          : approver
            ? t('record.approved', 'approved by {{approver}}', { approver })
            : '';
      return [`${change} ${name}`, mode === undefined ? '' : t('record.mode', 'mode {{mode}}', { mode }), by]
        .filter((part) => part !== '')
        .join(', ');
    }
    case 'kill':
      return change === 'lifted'
        ? t('record.kill-lifted', 'enabled enforcement again for {{name}}{{why}}', { name, why })
        : t('record.kill', 'stopped enforcement for {{name}}{{why}}', { name, why });
    case 'feedback':
      return judgement === 'right'
        ? t('record.true', 'called a verdict of {{name}} right{{why}}', { name, why })
        : judgement === 'false_alarm'
          ? t('record.false', 'called a verdict of {{name}} a false alarm{{why}}', { name, why })
          : t('record.unclear', 'called a verdict of {{name}} unclear{{why}}', { name, why });
    case 'verdict':
      return state === undefined ? name : t('record.verdict', '{{name}} is {{state}}', { name, state });
    case 'decision':
      return [name, action, disposition].filter((part) => part !== undefined && part !== '').join(', ');
    default:
      return `${change} ${name}${why}`;
  }
}
