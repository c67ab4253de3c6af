import { Button, Modal, Stack } from '@grafana/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import { Bullets } from '../../components/Bullets';
import { Columns } from '../../components/Columns';
import { Reason } from '../../components/Reason';
import { t } from '../../i18n';
import { changeOne, obstacleTo, type BulkChange, type BulkResult, type Obstacle } from './changes';
import type { Row } from './rows';

interface Props {
  change: BulkChange;
  rows: readonly Row[];
  onClose: () => void;
}

/** Confirms a change of several guard-rails, asks why, makes it one after the other, and says what came of each. */
function BulkDialog({ change, rows, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [results, setResults] = useState<BulkResult[]>([]);
  const client = useQueryClient();
  // What is in force changes under the dialog while it works: it goes on with what the user saw.
  const [able] = useState(() => rows.filter((row) => obstacleTo(change, row) === undefined));
  const [unable] = useState(() => rows.filter((row) => obstacleTo(change, row) !== undefined));
  const obstacles: { [obstacle in Obstacle]: string } = {
    git: t('bulk.git', 'kept in git: change it in its repository'),
    same: t('bulk.same', 'is in this mode already'),
  };
  const work = useMutation({
    mutationFn: async () => {
      for (const row of able) {
        const result = await changeOne(change, row, reason.trim());
        setResults((known) => [...known, result]);
      }
    },
    onSettled: () =>
      Promise.all([['guardrails'], ['proposals'], ['audit']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const title =
    change.kind === 'delete'
      ? t('bulk.delete', 'Delete {{count}} guard-rails', {
          count: able.length,
          defaultValue_one: 'Delete one guard-rail',
        })
      : t('bulk.mode', 'Set {{count}} guard-rails to {{mode}}', {
          count: able.length,
          mode: change.mode,
          defaultValue_one: 'Set one guard-rail to {{mode}}',
        });
  const begun = work.isPending || work.isSuccess;
  const wait =
    able.length === 0
      ? t('bulk.none', 'There is none that it can be done to.')
      : reason.trim() === ''
        ? t('bulk.say-why', 'Say why first')
        : '';
  return (
    <Modal isOpen title={title} onDismiss={onClose}>
      <Stack direction="column" gap={2}>
        {begun ? (
          <Results results={results} left={able.length - results.length} />
        ) : (
          <>
            {able.length > 0 && <p>{able.map(({ name }) => name).join(', ')}</p>}
            {unable.length > 0 && (
              <div>
                {t('bulk.unable', 'Left as they are:')}
                <Bullets>
                  {unable.map((row) => (
                    <li key={row.name}>
                      {row.name}: {obstacles[obstacleTo(change, row)!]}
                    </li>
                  ))}
                </Bullets>
              </div>
            )}
            {change.kind === 'delete' && (
              <p>
                {t(
                  'bulk.delete-hint',
                  'Processes stop to apply them at once. Their history stays at the same address, and a revision can be restored from it.',
                )}
              </p>
            )}
            {change.kind === 'mode' && change.mode === 'enforce' && (
              <p>{t('bulk.enforce-hint', 'Each waits for a second person before it acts.')}</p>
            )}
            <Reason value={reason} onChange={setReason} />
          </>
        )}
      </Stack>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {begun ? t('bulk.close', 'Close') : t('bulk.cancel', 'Back')}
        </Button>
        {!begun && (
          <Button
            variant={change.kind === 'delete' ? 'destructive' : 'primary'}
            disabled={wait !== ''}
            tooltip={wait === '' ? undefined : wait}
            onClick={() => work.mutate()}
          >
            {change.kind === 'delete' ? t('bulk.do-delete', 'Delete') : t('bulk.do-mode', 'Change')}
          </Button>
        )}
      </Modal.ButtonRow>
    </Modal>
  );
}

function Results({ results, left }: { results: readonly BulkResult[]; left: number }) {
  const words: { [outcome in BulkResult['outcome']]: string } = {
    done: t('bulk.done', 'done'),
    proposed: t('bulk.proposed', 'waits for a second person'),
    unchanged: t('bulk.unchanged', 'was so already'),
    failed: t('bulk.failed', 'failed'),
  };
  return (
    <div role="status">
      {left > 0 && <p>{t('bulk.left', '{{count}} to go…', { count: left })}</p>}
      <Columns<BulkResult>
        label={t('bulk.results', 'What came of it')}
        keyOf={({ name }) => name}
        rows={results}
        columns={[
          { title: t('bulk.name', 'Name'), cell: ({ name }) => name },
          { title: t('bulk.outcome', 'Outcome'), cell: ({ outcome }) => words[outcome] },
          { title: t('bulk.why', 'Why'), cell: ({ message }) => message },
        ]}
      />
    </div>
  );
}

export default BulkDialog;
