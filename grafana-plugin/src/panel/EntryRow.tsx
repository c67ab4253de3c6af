import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Button, Dropdown, Menu, TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';
import { describeAction } from '../components/describeAction';
import { DropdownMenu } from '../components/DropdownMenu';
import { Mode } from '../components/Mode';
import { t } from '../i18n';
import type { May } from '../permissions/useMay';
import { paths } from '../routing/routes';
import type { Entry } from './entries';

/** Rungs of the ladder. */
const MODES = ['off', 'dryrun', 'warn', 'enforce'];

interface Props {
  entry: Entry;
  /** What the reader may do to it; undefined where nobody changes anything. */
  write: May | undefined;
  onMode: (mode: string) => void;
}

/** A guard-rail in one line, or in two where the panel is narrow. */
export function EntryRow({ entry: { row, promise, reasons }, write, onMode }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        <TextLink href={paths.guardrail(row.name)} inline={false}>
          {row.name}
        </TextLink>
      </span>
      <span className={styles.badges}>
        <Mode mode={row.mode} />
        <Now row={row} />
        <Promise promise={promise} reasons={reasons} />
        {row.proposedBy !== '' && (
          <Badge
            text={t('panel.waits', 'a change waits')}
            color="blue"
            icon="clock-nine"
            tooltip={t('panel.waits-hint', 'By {{author}}, for a second person', { author: row.proposedBy })}
          />
        )}
      </span>
      {write !== undefined && <Change name={row.name} row={row} write={write} onMode={onMode} />}
    </li>
  );
}

function Now({ row }: { row: Entry['row'] }) {
  const action = describeAction(row.action);
  if (row.firing > 0) {
    return (
      <Badge
        key="firing"
        color="red"
        icon="exclamation-triangle"
        text={t('panel.firing', '{{count}} firing', { count: row.firing })}
        tooltip={t('panel.firing-hint', 'Series that are violated now. Action: {{action}}', { action })}
      />
    );
  }
  return row.inert === '' ? (
    <Badge key="quiet" color="green" icon="check" text={t('panel.quiet', 'quiet')} tooltip={action} />
  ) : (
    <Badge key="inert" color="orange" icon="bolt" text={t('panel.inert', 'can act nowhere')} tooltip={row.inert} />
  );
}

function Promise({ promise, reasons }: Pick<Entry, 'promise' | 'reasons'>) {
  switch (promise) {
    case 'kept':
      return <Badge key="kept" color="green" icon="check" text={t('promise.kept', 'promise kept')} />;
    case 'not_guaranteed':
      return (
        <Badge
          key="not-kept"
          color="orange"
          icon="exclamation-triangle"
          text={t('promise.not-kept', 'no guarantee')}
          tooltip={reasons.join(' · ')}
        />
      );
    case 'none':
      return (
        <Badge
          color="blue"
          text={t('panel.no-promise', 'no promise')}
          tooltip={t('panel.no-promise-hint', 'A threshold: how often it fires on an honest model is not bounded.')}
        />
      );
    case 'unknown':
      return (
        <Badge
          color="blue"
          text={t('panel.promise-unknown', 'promise not known')}
          tooltip={t('panel.promise-unknown-hint', 'No series of it was seen yet.')}
        />
      );
    case '':
      return null;
  }
}

interface ChangeProps {
  name: string;
  row: Entry['row'];
  write: May;
  onMode: (mode: string) => void;
}

function Change({ name, row, write, onMode }: ChangeProps) {
  const label = t('panel.change', 'Change the mode of {{name}}', { name });
  const obstacle = row.managedBy === 'git' ? t('panel.git', 'Kept in git: change it in its repository') : write.reason;
  if (obstacle !== '') {
    return (
      <Button icon="lock" size="sm" fill="text" variant="secondary" disabled aria-label={label} tooltip={obstacle} />
    );
  }
  const menu = (
    <DropdownMenu>
      {MODES.filter((mode) => mode !== row.mode).map((mode) => (
        <Menu.Item key={mode} label={mode} onClick={() => onMode(mode)} />
      ))}
    </DropdownMenu>
  );
  return (
    <Dropdown overlay={menu} placement="bottom-end">
      <Button icon="pen" size="sm" fill="text" variant="secondary" aria-label={label} />
    </Dropdown>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    padding: theme.spacing(0.75, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  name: css({ flex: `1 1 ${theme.spacing(20)}`, minWidth: 0, overflowWrap: 'anywhere' }),
  badges: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5) }),
});
