import { Alert, Button, ClipboardButton, Stack } from '@grafana/ui';
import React from 'react';
import { download } from '../../../components/download';
import { patchOf } from '../../../documents/lines';
import { t } from '../../../i18n';

interface Props {
  name: string;
  /** The text in force. */
  before: string;
  after: string;
  /** False while the new text has problems. */
  valid: boolean;
  /** Why it cannot be changed here in an emergency; empty when it can. */
  refusal: string;
  onEmergency: () => void;
}

/** A document that a repository owns is not saved here: its change leaves as a patch, or holds for a while in an emergency. */
export function GitChange({ name, before, after, valid, refusal, onEmergency }: Props) {
  const patch = () => patchOf(`${name}.yaml`, before, after);
  const none = before.trim() === after.trim();
  const reason = none
    ? t('git.nothing', 'Change the text first.')
    : valid
      ? undefined
      : t('git.invalid', 'Mend what is wrong first.');
  return (
    <Alert severity="info" title={t('git.title', 'It is kept in git')}>
      <Stack direction="column" gap={1}>
        <div>
          {t(
            'git.next',
            'Try a change here, with its checks and tests; then propose it to the repository, whose pipeline publishes it. Apply the patch in the folder of the documents with git apply.',
          )}
        </div>
        <Stack gap={1} wrap="wrap">
          <ClipboardButton
            size="sm"
            variant="secondary"
            icon="copy"
            disabled={reason !== undefined}
            tooltip={reason}
            getText={patch}
          >
            {t('git.copy', 'Copy the patch')}
          </ClipboardButton>
          <Button
            size="sm"
            variant="secondary"
            icon="download-alt"
            disabled={reason !== undefined}
            tooltip={reason}
            onClick={() => download(`${name}.patch`, patch())}
          >
            {t('git.download', 'Download the patch')}
          </Button>
          <Button
            size="sm"
            variant="destructive"
            fill="outline"
            icon="exclamation-triangle"
            disabled={refusal !== ''}
            tooltip={refusal === '' ? undefined : refusal}
            onClick={onEmergency}
          >
            {t('git.emergency', 'Change it now, in an emergency…')}
          </Button>
        </Stack>
      </Stack>
    </Alert>
  );
}
