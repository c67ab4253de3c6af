import { TextLink } from '@grafana/ui';
import React from 'react';
import type { FleetInstance } from '../../api/answers';
import { Columns } from '../../components/Columns';
import { Section } from '../../components/Section';
import { t } from '../../i18n';
import { paths } from '../../routing/routes';

/** Rows that are shown: one bad guard-rail is refused by every process that it is for. */
const SHOWN = 50;

interface Refusal {
  service: string;
  guardrail: string;
  code: string;
  message: string;
  processes: number;
}

/** Guard-rails that connected processes could not load, and why. Nothing while there are none. */
export function Refusals({ processes }: { processes: readonly FleetInstance[] }) {
  const refusals = refusalsOf(processes);
  if (refusals.length === 0) {
    return null;
  }
  return (
    <Section
      title={t('fleet.refused', 'Refused guard-rails')}
      description={t(
        'fleet.refused-hint',
        'These processes keep the revision that they had. Mend the document, or update the process.',
      )}
    >
      <Columns<Refusal>
        label={t('fleet.refused', 'Refused guard-rails')}
        keyOf={({ service, guardrail, code, message }) => `${service} ${guardrail} ${code} ${message}`}
        rows={refusals.slice(0, SHOWN)}
        columns={[
          {
            title: t('fleet.guardrail', 'Guard-rail'),
            cell: ({ guardrail }) => (
              <TextLink href={paths.guardrail(guardrail)} inline={false}>
                {guardrail}
              </TextLink>
            ),
          },
          { title: t('fleet.service', 'Service'), cell: ({ service }) => service },
          { title: t('fleet.in-processes', 'Processes'), cell: (one) => one.processes.toLocaleString() },
          { title: t('fleet.code', 'Code'), cell: ({ code }) => <code>{code}</code> },
          { title: t('fleet.why', 'Why'), cell: ({ message }) => message },
        ]}
      />
    </Section>
  );
}

function refusalsOf(processes: readonly FleetInstance[]): Refusal[] {
  const rows = new Map<string, Refusal>();
  for (const { service, connected, errors } of processes) {
    for (const { guardrail, code, message } of connected ? errors : []) {
      const key = JSON.stringify([service, guardrail, code, message]);
      const row = rows.get(key) ?? { service, guardrail, code, message, processes: 0 };
      rows.set(key, { ...row, processes: row.processes + 1 });
    }
  }
  return [...rows.values()].sort((a, b) => b.processes - a.processes);
}
