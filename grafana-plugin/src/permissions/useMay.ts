import { config } from '@grafana/runtime';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries';
import type { Access } from '../api/request';
import { t } from '../i18n';
import { refusalOf, type Refusal } from './may';

/** Whether a control may be used, and why not in words for its tooltip. */
export interface May {
  allowed: boolean;
  /** Empty when it is allowed. */
  reason: string;
}

/** Whether the user may do something: by Grafana's permissions and by the role of the app's token. */
export function useMay(access: Access): May {
  const { data } = useQuery({ ...queries.session(), staleTime: 60_000 });
  const refusal = refusalOf(access, {
    permissions: config.bootData?.user?.permissions ?? {},
    role: data?.tokenRole,
  });
  return { allowed: refusal === undefined, reason: refusal === undefined ? '' : describeRefusal(refusal) };
}

/** A refusal in words that say who can mend it. */
export function describeRefusal(refusal: Refusal): string {
  return refusal.by === 'grafana'
    ? t('permissions.grafana', 'You lack the permission {{action}}. An administrator of Grafana can grant it.', {
        action: refusal.action,
      })
    : t(
        'permissions.evaluator',
        "The app's token has the role {{role}} in the evaluator; this needs {{needed}}. An administrator can change the token in Configuration.",
        { role: refusal.role, needed: refusal.needed },
      );
}
