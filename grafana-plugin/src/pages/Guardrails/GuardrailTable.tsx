import { t } from '@grafana/i18n';
import { Badge, Stack, TextLink, Tooltip } from '@grafana/ui';
import React from 'react';
import { Columns } from '../../components/Columns';
import { describeAction } from '../../components/describeAction';
import { Mode } from '../../components/Mode';
import { When } from '../../components/When';
import { paths } from '../../routing/routes';
import type { Row } from './rows';

/** Guard-rails in the order given. */
export function GuardrailTable({ rows }: { rows: readonly Row[] }) {
  return (
    <Columns<Row>
      label={t('guardrails.title', 'Guard-rails')}
      keyOf={({ name }) => name}
      rows={rows}
      columns={[
        {
          title: t('guardrails.name', 'Name'),
          cell: ({ name }) => (
            <TextLink href={paths.guardrail(name)} inline={false}>
              {name}
            </TextLink>
          ),
        },
        { title: t('guardrails.mode-title', 'Mode'), cell: ({ mode }) => <Mode mode={mode} /> },
        { title: t('guardrails.status', 'Now'), cell: (row) => <Status {...row} /> },
        { title: t('guardrails.action', 'Action'), cell: ({ action }) => describeAction(action) },
        { title: t('guardrails.where', 'Judged at'), cell: ({ where }) => where },
        {
          title: t('guardrails.models', 'Models'),
          cell: ({ models }) => (models.length === 0 ? t('guardrails.every', 'every') : models.join(', ')),
        },
        { title: t('guardrails.owner', 'Owner'), cell: ({ owner }) => owner },
        { title: t('guardrails.source', 'Kept in'), cell: ({ managedBy }) => managedBy },
        { title: t('guardrails.changed', 'Changed'), cell: ({ at }) => <When at={at} /> },
      ]}
    />
  );
}

/** Whether it fires, and why it can act nowhere. */
export function Status({ firing, inert }: Pick<Row, 'firing' | 'inert'>) {
  return (
    <Stack gap={1} wrap="wrap">
      {firing > 0 && (
        <Badge
          text={t('guardrails.fires', 'fires in {{count}} series', { count: firing })}
          color="red"
          icon="exclamation-triangle"
        />
      )}
      {inert !== '' && (
        <Tooltip content={inert}>
          <span>
            <Badge text={t('guardrails.is-inert', 'can act nowhere')} color="orange" icon="ban" />
          </span>
        </Tooltip>
      )}
    </Stack>
  );
}
