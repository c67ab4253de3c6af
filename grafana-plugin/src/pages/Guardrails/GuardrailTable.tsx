import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Checkbox, Pagination, Stack, TextLink, Tooltip, useStyles2 } from '@grafana/ui';
import React, { memo } from 'react';
import { describeAction } from '../../components/describeAction';
import { Drill } from '../../components/Drill';
import { Mode } from '../../components/Mode';
import { tableStyle } from '../../components/tableStyle';
import { When } from '../../components/When';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';
import type { Row } from './rows';

/** Rows of a page: what is drawn with each keystroke of the search. */
export const PAGE = 25;

interface Props {
  rows: readonly Row[];
  /** From 1; a page that is too high shows the last. */
  page: number;
  onPage: (page: number) => void;
  selected: ReadonlySet<string>;
  onSelect: (names: readonly string[], selected: boolean) => void;
}

/** Guard-rails in the order given, a page of them at a time, to select. Selecting all selects what the filter shows, not the page. */
export function GuardrailTable({ rows, page, onPage, selected, onSelect }: Props) {
  const styles = useStyles2(getStyles);
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const current = Math.min(page, pages);
  const shown = rows.slice((current - 1) * PAGE, current * PAGE);
  const count = rows.reduce((sum, { name }) => sum + (selected.has(name) ? 1 : 0), 0);
  return (
    <>
      <div className={styles.scroll}>
        <table
          className={styles.table}
          aria-label={t('guardrails.title', 'Guard-rails')}
          aria-rowcount={rows.length + 1}
        >
          <thead>
            <tr>
              <th scope="col">
                <Checkbox
                  aria-label={t('guardrails.select-all', 'Select all {{count}} that are shown', { count: rows.length })}
                  value={count > 0 && count === rows.length}
                  indeterminate={count > 0 && count < rows.length}
                  onChange={() =>
                    onSelect(
                      rows.map(({ name }) => name),
                      count < rows.length,
                    )
                  }
                />
              </th>
              <th scope="col">{t('guardrails.name', 'Name')}</th>
              <th scope="col">{t('guardrails.mode-title', 'Mode')}</th>
              <th scope="col">{t('guardrails.status', 'Now')}</th>
              <th scope="col">{t('guardrails.action', 'Action')}</th>
              <th scope="col">{t('guardrails.where', 'Judged at')}</th>
              <th scope="col">{t('guardrails.models', 'Models')}</th>
              <th scope="col">{t('guardrails.owner', 'Owner')}</th>
              <th scope="col">{t('guardrails.source', 'Kept in')}</th>
              <th scope="col">{t('guardrails.changed', 'Changed')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <GuardrailRow key={row.name} row={row} selected={selected.has(row.name)} onSelect={onSelect} />
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <Stack justifyContent="space-between" alignItems="center">
          <span>
            {t('guardrails.range', '{{from}} to {{to}} of {{count}}', {
              from: (current - 1) * PAGE + 1,
              to: (current - 1) * PAGE + shown.length,
              count: rows.length,
            })}
          </span>
          <Pagination currentPage={current} numberOfPages={pages} onNavigate={onPage} />
        </Stack>
      )}
    </>
  );
}

interface RowProps extends Pick<Props, 'onSelect'> {
  row: Row;
  selected: boolean;
}

const GuardrailRow = memo(function GuardrailRow({ row, selected, onSelect }: RowProps) {
  const { name, mode, action, where, models, owner, managedBy, at } = row;
  return (
    <tr>
      <td>
        <Checkbox
          aria-label={t('guardrails.select', 'Select {{name}}', { name })}
          value={selected}
          onChange={() => onSelect([name], !selected)}
        />
      </td>
      <td>
        <TextLink href={paths.guardrail(name)} inline={false}>
          {name}
        </TextLink>
        <Drill of={name} />
      </td>
      <td>
        <Mode mode={mode} />
      </td>
      <td>
        <Status {...row} />
      </td>
      <td>{describeAction(action)}</td>
      <td>{where}</td>
      <td>{models.length === 0 ? t('guardrails.every', 'every') : models.join(', ')}</td>
      <td>{owner}</td>
      <td>{managedBy}</td>
      <td>
        <When at={at} />
      </td>
    </tr>
  );
});

/** Whether it fires, why it can act nowhere, and whether a change of it waits. */
export function Status({ firing, inert, proposedBy }: Pick<Row, 'firing' | 'inert' | 'proposedBy'>) {
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
      {proposedBy !== '' && (
        <Badge
          text={t('guardrails.change-waits', 'a change waits')}
          color="blue"
          icon="user"
          tooltip={t('guardrails.proposed-by', '{{author}} wants to change it; somebody else has to approve.', {
            author: proposedBy,
          })}
        />
      )}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto' }),
  table: css(tableStyle(theme)),
});
