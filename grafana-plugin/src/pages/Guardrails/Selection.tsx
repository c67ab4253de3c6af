import { Button, ClipboardButton, Dropdown, Menu, Stack } from '@grafana/ui';
import React from 'react';
import { download } from '../../components/download';
import { DropdownMenu } from '../../components/DropdownMenu';
import { t } from '../../i18n';
import { useMay } from '../../permissions/useMay';
import type { BulkChange } from './changes';
import { asCode, type Row } from './rows';

interface Props {
  rows: readonly Row[];
  /** Asks for a change of them, which is confirmed elsewhere. */
  onChange: (change: BulkChange) => void;
  onClear: () => void;
}

/** What can be done with the guard-rails that are selected. */
export function Selection({ rows, onChange, onClear }: Props) {
  const write = useMay('write');
  const refusal = write.allowed ? undefined : write.reason;
  const modes: { [mode: string]: string } = {
    off: t('selection.off', 'Disable (off)'),
    dryrun: t('selection.dryrun', 'Only record (dryrun)'),
    warn: t('selection.warn', 'Record and alert (warn)'),
    enforce: t('selection.enforce', 'Enable (enforce)'),
  };
  return (
    <Stack gap={1} alignItems="center" wrap="wrap">
      <strong role="status">{t('selection.count', '{{count}} selected', { count: rows.length })}</strong>
      <Dropdown
        overlay={
          <DropdownMenu>
            {Object.entries(modes).map(([mode, label]) => (
              <Menu.Item key={mode} label={label} onClick={() => onChange({ kind: 'mode', mode })} />
            ))}
          </DropdownMenu>
        }
      >
        <Button variant="secondary" icon="angle-down" disabled={!write.allowed} tooltip={refusal}>
          {t('selection.mode', 'Change mode')}
        </Button>
      </Dropdown>
      <ClipboardButton variant="secondary" icon="copy" getText={() => asCode(rows)}>
        {t('selection.copy', 'Copy as code')}
      </ClipboardButton>
      <Button variant="secondary" icon="download-alt" onClick={() => download('guardrails.yaml', asCode(rows))}>
        {t('selection.download', 'Download')}
      </Button>
      <Button
        variant="destructive"
        fill="outline"
        icon="trash-alt"
        disabled={!write.allowed}
        tooltip={refusal}
        onClick={() => onChange({ kind: 'delete' })}
      >
        {t('selection.delete', 'Delete…')}
      </Button>
      <Button variant="secondary" fill="text" onClick={onClear}>
        {t('selection.clear', 'Clear')}
      </Button>
    </Stack>
  );
}
