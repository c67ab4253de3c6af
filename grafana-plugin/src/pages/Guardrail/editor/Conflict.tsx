import { Alert, Button, RadioButtonGroup, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import { Diff } from '../../../components/Diff';
import { When } from '../../../components/When';
import { t } from '../../../i18n';

interface Props {
  /** The text that the edit began with. */
  base: string;
  mine: string;
  theirs: string;
  /** Who changed it meanwhile, when (seconds from epoch) and why. */
  author: string;
  at: number;
  why: string;
  onTakeTheirs: () => void;
  /** Keeps the own text as a change of theirs, and saves. */
  onKeepMine: () => void;
  /** Keeps the own text as a change of theirs, and goes on. */
  onEditOn: () => void;
}

/** Two people changed the same document: what each changed, and how to go on. Nothing is lost before one of them is chosen. */
export function Conflict({ base, mine, theirs, author, at, why, onTakeTheirs, onKeepMine, onEditOn }: Props) {
  const [shown, setShown] = useState<'both' | 'theirs' | 'mine'>('both');
  const sides = {
    both: { before: theirs, after: mine, label: t('conflict.both', 'From theirs to yours') },
    theirs: { before: base, after: theirs, label: t('conflict.theirs', 'What they changed') },
    mine: { before: base, after: mine, label: t('conflict.mine', 'What you changed') },
  };
  return (
    <Alert severity="warning" title={t('conflict.title', '{{author}} changed it meanwhile', { author })}>
      <Stack direction="column" gap={1}>
        <div>
          <When at={at} />
          {why === '' ? '' : `: ${why}`}.{' '}
          {t('conflict.next', 'Your text is kept. Compare, then choose; whatever you save is a change of theirs.')}
        </div>
        <RadioButtonGroup
          size="sm"
          aria-label={t('conflict.compare', 'Compare')}
          value={shown}
          onChange={setShown}
          options={(['both', 'theirs', 'mine'] as const).map((value) => ({ value, label: sides[value].label }))}
        />
        <Diff {...sides[shown]} />
        <Stack gap={1} wrap="wrap">
          <Button size="sm" variant="secondary" onClick={onTakeTheirs}>
            {t('conflict.take-theirs', 'Take theirs')}
          </Button>
          <Button size="sm" variant="secondary" onClick={onEditOn}>
            {t('conflict.edit-on', 'Edit on')}
          </Button>
          <Button size="sm" variant="destructive" onClick={onKeepMine}>
            {t('conflict.keep-mine', 'Keep mine')}
          </Button>
        </Stack>
      </Stack>
    </Alert>
  );
}
