import { ApiFailure } from '../api/failure';
import { t } from '../i18n';

/** What is shown of a failure: what happened, and what to do next. */
export interface FailureText {
  title: string;
  /** What is known about it. */
  detail: string;
  /** What to do next. */
  next: string;
  /** Whether asking again may help. */
  retry: boolean;
  /** Whether Configuration is where it is mended. */
  configure: boolean;
}

/** Says what went wrong and who can mend it. Takes whatever a query or mutation rejected with. */
export function describeFailure(error: unknown): FailureText {
  const failure = error instanceof ApiFailure ? error : undefined;
  const detail = failure?.message ?? (error instanceof Error ? error.message : '');
  const hint = failure?.hint ?? '';
  switch (failure?.kind) {
    case 'unreachable':
      return {
        title: t('failure.unreachable.title', 'The evaluator cannot be reached'),
        detail: t('failure.unreachable.detail', "Grafana's server got no answer from it ({{status}}). {{detail}}", {
          status: failure.status,
          detail,
        }),
        next: t(
          'failure.unreachable.next',
          'Guard-rails in running processes keep to what they last got. See whether the evaluator runs, and whether its URL in Configuration is right as seen from the server of Grafana.',
        ),
        retry: true,
        configure: true,
      };
    case 'token':
      return {
        title: t('failure.token.title', 'The evaluator does not know the token'),
        detail,
        next: t('failure.token.next', 'Enter a token of the evaluator in Configuration; it may have been rotated.'),
        retry: false,
        configure: true,
      };
    case 'permission':
      return {
        title: t('failure.permission.title', 'You lack a permission'),
        detail: t('failure.permission.detail', 'Grafana refused the request. {{detail}}', { detail }),
        next: t(
          'failure.permission.next',
          'Ask an administrator of Grafana for one of the roles "Guard-rails reader", "editor" or "approver".',
        ),
        retry: false,
        configure: false,
      };
    case 'role':
      return {
        title: t('failure.role.title', 'The evaluator does not allow this'),
        detail,
        next: hint || t('failure.role.next', 'The role of the token, or yours, is too low.'),
        retry: false,
        configure: false,
      };
    case 'missing':
      return {
        title: t('failure.missing.title', 'There is no such thing'),
        detail,
        next: t('failure.missing.next', 'It may have been deleted. Go back to the list.'),
        retry: false,
        configure: false,
      };
    case 'conflict':
      return {
        title: t('failure.conflict.title', 'Somebody else changed it meanwhile'),
        detail,
        next: t('failure.conflict.next', 'Compare the two versions and save again. Your text is kept.'),
        retry: false,
        configure: false,
      };
    case 'invalid':
      return {
        title: t('failure.invalid.title', 'The evaluator does not take this'),
        detail,
        next: hint,
        retry: false,
        configure: false,
      };
    case 'refused':
      return {
        title: t('failure.refused.title', 'It cannot be done as things are'),
        detail,
        next: hint,
        retry: false,
        configure: false,
      };
    case 'busy':
      return {
        title: t('failure.busy.title', 'The evaluator is busy'),
        detail,
        next: hint || t('failure.busy.next', 'Try again in a moment.'),
        retry: true,
        configure: false,
      };
    case 'disabled':
      return {
        title: t('failure.disabled.title', 'The app is not set up'),
        detail: t('failure.disabled.detail', 'Grafana does not pass requests of this app on. {{detail}}', { detail }),
        next: t('failure.disabled.next', 'Enable the app and enter URL and token in Configuration.'),
        retry: true,
        configure: true,
      };
    case 'unreadable':
      return {
        title: t('failure.unreadable.title', 'The answer is not one of this API'),
        detail,
        next: t(
          'failure.unreadable.next',
          'The URL may name something else, or the evaluator has another version than this app needs. The table of versions is in the documentation.',
        ),
        retry: true,
        configure: true,
      };
    case 'fault':
    case undefined:
      return {
        title: t('failure.fault.title', 'Something failed'),
        detail,
        next: hint || t('failure.fault.next', 'Try again. When it stays so, the log of the evaluator says why.'),
        retry: true,
        configure: false,
      };
  }
}
