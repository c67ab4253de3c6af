import { Alert, Button, Field, Input, LoadingPlaceholder, Stack } from '@grafana/ui';
import React, { lazy, Suspense, useId, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import { Bullets } from '../../components/Bullets';
import { PathButton } from '../../components/PathButton';
import { t } from '../../i18n';
import { draftOf } from '../../promql/draft';
import { translate, type Translation } from '../../promql/translate';
import { paths, type PanelQuery } from '../../routing/routes';
import { leftInWords, problemInWords } from './words';

const Editor = lazy(() => import('../Guardrail/editor/Editor'));

/** A guard-rail made of a query of Prometheus; where that cannot be done, why not. */
function FromQuery({ query }: { query: PanelQuery }) {
  const { title, expr, others, threshold: ofPanel } = query;
  const [translation] = useState(() => translate(expr, ofPanel));
  if ('code' in translation) {
    return (
      <Alert severity="warning" title={t('query.cannot', 'This query cannot be made into a guard-rail')}>
        <Stack direction="column" gap={1}>
          <Query expr={expr} />
          <div>{problemInWords(translation)}</div>
          <div>
            <PathButton size="sm" variant="secondary" to={paths.newGuardrail()}>
              {t('query.starters', 'Begin with a starter')}
            </PathButton>
          </div>
        </Stack>
      </Alert>
    );
  }
  return <Translated translation={translation} title={title} expr={expr} others={others} />;
}

interface Props {
  translation: Translation;
  title: string;
  expr: string;
  others: number;
}

function Translated({ translation, title, expr, others }: Props) {
  const navigate = useNavigate();
  const [threshold, setThreshold] = useState(translation.threshold);
  const left = [
    ...translation.left.map(leftInWords),
    ...(others > 0
      ? [
          t('query.others', 'The panel has {{count}} queries more; this is about the first.', {
            count: others,
            defaultValue_one: 'The panel has one query more; this is about the first.',
          }),
        ]
      : []),
  ];
  return (
    <Stack direction="column" gap={2}>
      <Alert severity="info" title={t('query.read', 'Made from a query of Prometheus')}>
        <Stack direction="column" gap={1}>
          <Query expr={expr} />
          {left.length > 0 && (
            <div>
              {t('query.left', 'What the guard-rail does not say as the query does:')}
              <Bullets>
                {left.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </Bullets>
            </div>
          )}
          <div>
            {t(
              'query.action',
              'It annotates calls and is in dryrun: the query does not say what to do. Choose an action and what it promises.',
            )}
          </div>
        </Stack>
      </Alert>
      {threshold === undefined ? (
        <Threshold translation={translation} onThreshold={setThreshold} />
      ) : (
        <Suspense fallback={<LoadingPlaceholder text={t('query.loading', 'Loading…')} />}>
          <Editor
            draftKey={`+new query ${expr}`}
            beginning={draftOf(translation, title, threshold)}
            onSaved={(name) => navigate(paths.guardrail(name), { replace: true })}
          />
        </Suspense>
      )}
    </Stack>
  );
}

/** Asks for the threshold: neither query nor panel has one. */
function Threshold({ translation, onThreshold }: { translation: Translation; onThreshold: (value: number) => void }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const value = typed.trim() === '' ? Number.NaN : Number(typed);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (Number.isFinite(value)) {
      onThreshold(value);
    }
  };
  return (
    <form onSubmit={onSubmit}>
      <Field
        label={t('query.threshold', 'Threshold of {{name}}', { name: translation.name })}
        description={t(
          'query.threshold-hint',
          'Neither the query nor the panel has one. The guard-rail is violated above it. Durations are in seconds, shares between 0 and 1.',
        )}
      >
        <Input
          id={id}
          width={20}
          type="number"
          step="any"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </Field>
      <Button type="submit" disabled={!Number.isFinite(value)}>
        {t('query.go', 'Open in the editor')}
      </Button>
    </form>
  );
}

function Query({ expr }: { expr: string }) {
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      <code>{expr}</code>
    </div>
  );
}

export default FromQuery;
