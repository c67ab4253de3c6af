import { Stack } from '@grafana/ui';
import React from 'react';
import { z } from 'zod';
import type { VerdictDetail } from '../../api/answers';
import { Columns } from '../../components/Columns';
import { Nothing } from '../../components/Nothing';
import { Section } from '../../components/Section';
import { readable } from '../../components/numbers';
import { t } from '../../i18n';

const stepsSchema = z.array(z.looseObject({ expression: z.string(), value: z.unknown(), evaluated: z.boolean() }));
const signalsSchema = z.record(
  z.string(),
  z.looseObject({
    value: z.number().nullable(),
    samples: z.number().nullable().optional(),
    lower: z.number().nullable().optional(),
    upper: z.number().nullable().optional(),
  }),
);

/** The condition, part by part, and the signals that it read. */
export function Condition({ verdict }: { verdict: VerdictDetail }) {
  // Parts that are no value by themselves, like `upper` of `upper.women`, say nothing.
  const steps = (stepsSchema.safeParse(verdict.trace).data ?? []).filter(
    ({ value, evaluated }) => !evaluated || (value !== null && typeof value !== 'object'),
  );
  const signals = Object.entries(signalsSchema.safeParse(verdict.signals).data ?? {});
  return (
    <Section
      title={t('verdict.condition', 'Why')}
      description={t('verdict.condition-hint', 'The condition with the values of its parts when the verdict began.')}
    >
      {steps.length + signals.length === 0 ? (
        <Nothing message={t('verdict.no-condition', 'The verdict has no condition')}>
          {t('verdict.no-condition-next', 'It comes from a test: its evidence is above.')}
        </Nothing>
      ) : (
        <Stack direction="column" gap={2}>
          <Columns
            label={t('verdict.condition', 'Why')}
            keyOf={({ expression }) => expression}
            rows={steps}
            columns={[
              { title: t('verdict.expression', 'Expression'), cell: ({ expression }) => <code>{expression}</code> },
              {
                title: t('verdict.value', 'Value'),
                cell: ({ value, evaluated }) =>
                  evaluated ? readable(value) : t('verdict.not-needed', 'was not needed'),
              },
            ]}
          />
          <Columns
            label={t('verdict.signals', 'Signals')}
            keyOf={([name]) => name}
            rows={signals}
            columns={[
              { title: t('verdict.signal', 'Signal'), cell: ([name]) => name },
              { title: t('verdict.value', 'Value'), cell: ([, { value }]) => readable(value) },
              { title: t('verdict.samples', 'Calls'), cell: ([, { samples }]) => readable(samples) },
              {
                title: t('verdict.interval', 'Interval'),
                cell: ([, { lower, upper }]) =>
                  [lower, upper].every((end) => readable(end) === '–')
                    ? '–'
                    : `${readable(lower)} … ${readable(upper)}`,
              },
            ]}
          />
        </Stack>
      )}
    </Section>
  );
}
