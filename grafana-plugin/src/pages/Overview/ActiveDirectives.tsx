import { Alert, Badge, TextLink } from '@grafana/ui';
import React from 'react';
import type { Directive } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { describeAction } from '../../components/describeAction';
import { Drill } from '../../components/Drill';
import { Nothing } from '../../components/Nothing';
import { QueryView } from '../../components/QueryView';
import { Scope } from '../../components/Scope';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { paths } from '../../routing/routes';

/** Directives in force: what processes do to their calls now, and how many do it. */
export function ActiveDirectives() {
  const query = useLiveQuery(queries.directives());
  return (
    <Section
      title={t('overview.directives', 'Enforced now')}
      description={t(
        'overview.directives-hint',
        'Directives that hold, and how many of the matching processes apply them.',
      )}
    >
      <QueryView
        query={query}
        empty={{
          when: ({ items, pending }) => items.length + pending.length === 0,
          view: (
            <Nothing message={t('overview.no-directive', 'No windowed guard-rail acts')}>
              {t('overview.no-directive-next', 'Inline guard-rails decide on each call by themselves.')}
            </Nothing>
          ),
        }}
      >
        {({ items, pending }) => (
          <>
            {pending.length > 0 && (
              <Alert
                severity="warning"
                title={t('overview.pending', '{{count}} more wait for a person', { count: pending.length })}
              >
                {t(
                  'overview.pending-next',
                  'Their guard-rail asks first, or acts on as many scopes as it may (limits.maxScopes). An approver answers.',
                )}
              </Alert>
            )}
            <Columns<Directive>
              label={t('overview.directives', 'Enforced now')}
              keyOf={({ id }) => id}
              rows={items}
              columns={[
                {
                  title: t('overview.guardrail', 'Guard-rail'),
                  cell: ({ guardrail }) => (
                    <>
                      <TextLink href={paths.guardrail(guardrail)} inline={false}>
                        {guardrail}
                      </TextLink>
                      <Drill of={guardrail} />
                    </>
                  ),
                },
                { title: t('overview.action', 'Action'), cell: ({ action }) => describeAction(action) },
                { title: t('overview.scope', 'Scope'), cell: ({ scope }) => <Scope of={scope} /> },
                { title: t('overview.applied', 'Applied by'), cell: Applied },
                { title: t('overview.since', 'Since'), cell: ({ issuedAt }) => <When at={issuedAt} /> },
                { title: t('overview.why', 'Why'), cell: Why },
              ]}
            />
          </>
        )}
      </QueryView>
    </Section>
  );
}

/** The reason, as the way to the verdict that gave it. */
function Why({ reason, verdict }: Directive) {
  return typeof verdict === 'string' && verdict !== '' ? (
    <TextLink href={paths.verdict(verdict)} inline={false}>
      {reason.message}
    </TextLink>
  ) : (
    <>{reason.message}</>
  );
}

function Applied({ appliedBy, matching }: Directive) {
  const text = t('overview.of', '{{part}} of {{total}}', { part: appliedBy, total: matching });
  return <Badge text={text} color={appliedBy < matching ? 'orange' : 'green'} />;
}
