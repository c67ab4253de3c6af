import { evaluator } from '../../api/client';
import { describeFailure } from '../../components/describeFailure';
import { COMPATIBLE_EVALUATORS, isCompatible } from '../../compatibility';
import { t } from '../../i18n';

/** What the test button found. */
export interface ConnectionReport {
  severity: 'success' | 'warning' | 'error';
  title: string;
  /** What is wrong or limited, and how to mend it; a sentence each. */
  lines: string[];
}

/** Asks the evaluator who we are, through the same proxy as every page, and names what is wrong. Never rejects. */
export async function checkConnection(): Promise<ConnectionReport> {
  try {
    const session = await evaluator.session();
    const { version, tokenRole, onBehalf, singleUser } = session;
    const lines: string[] = [];
    if (!isCompatible(version)) {
      lines.push(
        t(
          'configuration.version',
          'The evaluator has version {{version}}; this app is made for {{versions}}. Some pages may not work.',
          { version, versions: COMPATIBLE_EVALUATORS.join(', ') },
        ),
      );
    }
    if (singleUser) {
      lines.push(
        t(
          'configuration.single-user',
          'The evaluator runs for a single user: it knows no tokens, every change is made by "local", and nobody needs to approve. That is for trials.',
        ),
      );
    } else {
      if (!onBehalf) {
        lines.push(
          t(
            'configuration.on-behalf',
            'The token does not speak for users: every change will be made by "{{name}}". Set on_behalf: grafana for it in the tokens file of the evaluator.',
            { name: session.name },
          ),
        );
      }
      if (tokenRole === 'viewer') {
        lines.push(t('configuration.viewer', 'The token has the role viewer: nobody can change anything from here.'));
      } else if (tokenRole === 'editor') {
        lines.push(
          t('configuration.editor', 'The token has the role editor: nobody can approve, release or stop from here.'),
        );
      }
    }
    return {
      severity: lines.length === 0 ? 'success' : 'warning',
      title: t('configuration.connected', 'Connected to evaluator {{version}}', { version }),
      lines,
    };
  } catch (error) {
    const { title, detail, next } = describeFailure(error);
    return { severity: 'error', title, lines: [detail, next].filter((line) => line !== '') };
  }
}
