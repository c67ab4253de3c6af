import { Button, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import type { GuardrailView } from '../../api/answers';
import { queries } from '../../api/queries';
import { Columns } from '../../components/Columns';
import { Diff } from '../../components/Diff';
import { Mode } from '../../components/Mode';
import { QueryView } from '../../components/QueryView';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { useLiveQuery } from '../../live/useLiveQuery';
import { useMay } from '../../permissions/useMay';

/** Digits of a digest that tell revisions of one guard-rail apart. */
const DIGITS = 12;

interface Props {
  guardrail: string;
  /** Revision in force. */
  revision: string;
  /** Puts the text of an old revision into the editor. */
  onRestore: (source: string) => void;
}

/** Every revision with who wrote and who approved it and why, newest first; each can be compared and restored. */
export function History({ guardrail, revision, onRestore }: Props) {
  const query = useLiveQuery(queries.history(guardrail));
  const [compared, setCompared] = useState<number>();
  const write = useMay('write');
  return (
    <Section
      title={t('guardrail.history', 'History')}
      description={t('guardrail.history-hint', 'Every revision that was in force, newest first.')}
    >
      <QueryView query={query}>
        {({ items }) => {
          const rows = [...items].sort((a, b) => b.generation - a.generation);
          const at = rows.findIndex(({ generation }) => generation === compared);
          return (
            <Stack direction="column" gap={2}>
              <Columns<GuardrailView>
                label={t('guardrail.history', 'History')}
                keyOf={({ generation }) => String(generation)}
                rows={rows}
                columns={[
                  { title: t('guardrail.when', 'When'), cell: ({ at: when }) => <When at={when} /> },
                  {
                    title: t('guardrail.revision', 'Revision'),
                    cell: ({ revision: digest }) => <code>{digest.slice(0, DIGITS)}</code>,
                  },
                  {
                    title: t('guardrail.mode', 'Mode'),
                    cell: ({ deleted, guardrail: { spec } }) =>
                      deleted ? t('guardrail.deleted', 'deleted') : <Mode mode={spec.mode} />,
                  },
                  { title: t('guardrail.author', 'Author'), cell: ({ author }) => author },
                  { title: t('guardrail.approver', 'Approved by'), cell: ({ approver }) => approver },
                  { title: t('guardrail.why-changed', 'Why'), cell: ({ why }) => why || '–' },
                  {
                    title: t('guardrail.then', 'Then'),
                    cell: (version) => (
                      <Stack gap={1}>
                        <Button
                          size="sm"
                          variant="secondary"
                          fill="outline"
                          aria-expanded={version.generation === compared}
                          onClick={() => setCompared(version.generation === compared ? undefined : version.generation)}
                        >
                          {t('guardrail.compare', 'Compare')}
                        </Button>
                        {version.revision !== revision && !version.deleted && (
                          <Button
                            size="sm"
                            variant="secondary"
                            fill="outline"
                            disabled={!write.allowed}
                            tooltip={write.allowed ? undefined : write.reason}
                            onClick={() => onRestore(version.source)}
                          >
                            {t('guardrail.restore', 'Restore…')}
                          </Button>
                        )}
                      </Stack>
                    ),
                  },
                ]}
              />
              {at >= 0 && (
                <Diff
                  before={rows[at + 1]?.source ?? ''}
                  after={rows[at]!.deleted ? '' : rows[at]!.source}
                  label={t('guardrail.changed-then', 'What was changed then')}
                />
              )}
            </Stack>
          );
        }}
      </QueryView>
    </Section>
  );
}
