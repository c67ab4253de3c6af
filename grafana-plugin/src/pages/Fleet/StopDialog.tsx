import { Button, Combobox, Field, Modal, RadioButtonGroup, Stack } from '@grafana/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import React, { useState } from 'react';
import { evaluator, type KillScope } from '../../api/client';
import { queries } from '../../api/queries';
import { describeStop } from '../../components/describeStop';
import { Failure } from '../../components/Failure';
import { Reason } from '../../components/Reason';
import { t } from '../../i18n';
import { WhatStops } from './WhatStops';

type Kind = 'everything' | keyof KillScope;
const NOTHING: KillScope = { guardrail: '', model: '', service: '' };
const HOUR = 3600;

/** Asks what is to be stopped, for how long and why, and names what will stop before it does. */
export function StopDialog({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('service');
  const [name, setName] = useState('');
  const [seconds, setSeconds] = useState(HOUR);
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const scope: KillScope = kind === 'everything' ? NOTHING : { ...NOTHING, [kind]: name };
  const stop = useMutation({
    mutationFn: () => evaluator.stopEnforcement(scope, reason.trim(), seconds),
    onSuccess: onClose,
    // Also after a failure: a stop whose record waits for the disk is in force.
    onSettled: () =>
      Promise.all([['kill'], ['audit'], ['directives']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const chosen = kind === 'everything' || name !== '';
  const wait = !chosen
    ? t('stop.choose-first', 'Choose what to stop first')
    : reason.trim() === ''
      ? t('stop.say-why', 'Say why first')
      : '';
  return (
    <Modal isOpen title={t('stop.title', 'Stop enforcement')} onDismiss={onClose}>
      <Stack direction="column" gap={2}>
        <Field label={t('stop.of', 'Of')} noMargin>
          <RadioButtonGroup<Kind>
            aria-label={t('stop.of', 'Of')}
            value={kind}
            onChange={(next) => {
              setKind(next);
              setName('');
            }}
            options={[
              { value: 'service', label: t('stop.service', 'A service') },
              { value: 'model', label: t('stop.model', 'A model') },
              { value: 'guardrail', label: t('stop.guardrail', 'A guard-rail') },
              { value: 'everything', label: t('stop.everything', 'Everything') },
            ]}
          />
        </Field>
        {kind !== 'everything' && <Choice key={kind} kind={kind} name={name} onChange={setName} />}
        <Field
          label={t('stop.for', 'For')}
          description={t('stop.for-hint', 'It ends by itself then, or earlier when somebody releases it.')}
          noMargin
        >
          <RadioButtonGroup<number>
            aria-label={t('stop.for', 'For')}
            value={seconds}
            onChange={setSeconds}
            options={[
              { value: HOUR / 4, label: t('stop.quarter', '15 minutes') },
              { value: HOUR, label: t('stop.hour', 'An hour') },
              { value: 8 * HOUR, label: t('stop.hours', '8 hours') },
              { value: 0, label: t('stop.released', 'Until released') },
            ]}
          />
        </Field>
        {chosen && <WhatStops scope={scope} />}
        <Reason value={reason} onChange={setReason} />
        {stop.error !== null && <Failure error={stop.error} />}
      </Stack>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {t('stop.cancel', 'Back')}
        </Button>
        <Button
          variant="destructive"
          disabled={wait !== '' || stop.isPending}
          tooltip={wait || undefined}
          onClick={() => stop.mutate()}
        >
          {chosen
            ? t('stop.do', 'Stop enforcement of {{what}}', { what: describeStop(scope) })
            : t('stop.title', 'Stop enforcement')}
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}

/** A name among those that the evaluator knows, or one that is typed. */
function Choice({ kind, name, onChange }: { kind: keyof KillScope; name: string; onChange: (name: string) => void }) {
  const fleet = useQuery({ ...queries.fleet(), enabled: kind === 'service' });
  const models = useQuery({ ...queries.models(), enabled: kind === 'model' });
  const guardrails = useQuery({ ...queries.guardrails(), enabled: kind === 'guardrail' });
  const names: { [kind in keyof KillScope]: readonly string[] } = {
    service: fleet.data?.items.map(({ service }) => service) ?? [],
    model: models.data?.items.map(({ model }) => model) ?? [],
    guardrail:
      guardrails.data?.items.filter(({ guardrail }) => guardrail.spec.mode === 'enforce').map((one) => one.name) ?? [],
  };
  const labels: { [kind in keyof KillScope]: string } = {
    service: t('stop.which-service', 'Which service'),
    model: t('stop.which-model', 'Which model'),
    guardrail: t('stop.which-guardrail', 'Which guard-rail'),
  };
  return (
    <Field label={labels[kind]} noMargin>
      <Combobox
        id={`stop-${kind}`}
        createCustomValue
        placeholder={t('stop.choose', 'Choose or type')}
        value={name === '' ? null : name}
        options={[...new Set(names[kind])].sort().map((value) => ({ value }))}
        // Enter upon a line that the filter has just taken away chooses nothing, whatever the type says.
        onChange={(option?: { value: string }) => option !== undefined && onChange(option.value)}
      />
    </Field>
  );
}
