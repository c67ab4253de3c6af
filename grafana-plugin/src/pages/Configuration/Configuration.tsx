import type { PluginConfigPageProps, AppPluginMeta } from '@grafana/data';
import { DataSourcePicker } from '@grafana/runtime';
import { Alert, Button, Field, FieldSet, Input, SecretInput, Stack } from '@grafana/ui';
import React, { useId, useState, type FormEvent } from 'react';
import type { AppSettings } from '../../constants';
import { t } from '../../i18n';
import { PathButton } from '../../components/PathButton';
import { paths } from '../../routing/routes';
import { checkConnection, type ConnectionReport } from './checkConnection';
import { isServerUrl } from './isServerUrl';
import { saveSettings } from './saveSettings';

const EXAMPLE_URL = 'https://evaluator.example.com:7420';

type Props = PluginConfigPageProps<AppPluginMeta<AppSettings>>;

/** Where an administrator connects the app to an evaluator. Everything here can be provisioned in a file instead. */
function Configuration({ plugin: { meta } }: Props) {
  const id = useId();
  const [apiUrl, setApiUrl] = useState(meta.jsonData?.apiUrl ?? '');
  const [tracesUid, setTracesUid] = useState(meta.jsonData?.tracesUid ?? '');
  const [token, setToken] = useState('');
  const [tokenSet, setTokenSet] = useState(meta.secureJsonFields?.apiToken === true);
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<ConnectionReport>();
  const url = apiUrl.trim().replace(/\/+$/, '');
  const valid = isServerUrl(url);

  // Not a plain submission: the browser would put the fields into the address, and so into logs.
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setReport(undefined);
    try {
      await saveSettings({ jsonData: { apiUrl: url, tracesUid }, apiToken: token === '' ? undefined : token });
      setTokenSet(tokenSet || token !== '');
      setToken('');
      setReport(await checkConnection());
    } catch (error) {
      const data = (error as { data?: { message?: string } }).data;
      setReport({
        severity: 'error',
        title: t('configuration.not-saved', 'Grafana did not save the settings'),
        lines: [data?.message ?? ''],
      });
    } finally {
      setBusy(false);
    }
  };
  const onTest = async () => {
    setBusy(true);
    setReport(await checkConnection());
    setBusy(false);
  };

  return (
    <form onSubmit={(event) => void onSubmit(event)} noValidate>
      <FieldSet label={t('configuration.evaluator', 'Evaluator')}>
        <Field
          label={t('configuration.url', 'URL')}
          description={t('configuration.url-hint', 'As the server of Grafana reaches it.')}
          invalid={apiUrl !== '' && !valid}
          error={t(
            'configuration.url-invalid',
            'Enter a URL like https://evaluator.example.com:7420, without a query.',
          )}
          required
        >
          <Input
            id={`${id}-url`}
            width={60}
            value={apiUrl}
            placeholder={EXAMPLE_URL}
            onChange={({ currentTarget }) => setApiUrl(currentTarget.value)}
          />
        </Field>
        <Field
          label={t('configuration.token', 'Token')}
          description={t(
            'configuration.token-hint',
            'Of the role approver, with on_behalf: grafana, so that records name the user. Leave it empty for an evaluator of a single user.',
          )}
        >
          <SecretInput
            id={`${id}-token`}
            width={60}
            autoComplete="off"
            isConfigured={tokenSet}
            value={token}
            onChange={({ currentTarget }) => setToken(currentTarget.value)}
            onReset={() => setTokenSet(false)}
          />
        </Field>
        <Field
          label={t('configuration.traces', 'Data source of traces')}
          description={t('configuration.traces-hint', 'Example traces of a verdict open in it. Optional.')}
        >
          <DataSourcePicker
            inputId={`${id}-traces`}
            tracing
            noDefault
            current={tracesUid === '' ? null : tracesUid}
            onChange={({ uid }) => setTracesUid(uid)}
            onClear={() => setTracesUid('')}
            width={60}
          />
        </Field>
      </FieldSet>
      <Stack direction="column" gap={2}>
        <Stack gap={1}>
          <Button type="submit" disabled={busy || !valid} icon={busy ? 'spinner' : undefined}>
            {t('configuration.save', 'Save and test')}
          </Button>
          <Button variant="secondary" disabled={busy || !meta.enabled} onClick={() => void onTest()}>
            {t('configuration.test', 'Test what is saved')}
          </Button>
        </Stack>
        {report !== undefined && (
          <Alert severity={report.severity} title={report.title}>
            <Stack direction="column" gap={1}>
              {report.lines.map((line) => (
                <div key={line}>{line}</div>
              ))}
              {report.severity !== 'error' && (
                <div>
                  {/* Loads anew: Grafana hands settings to the app when a page is loaded. */}
                  <PathButton size="sm" variant="secondary" to={paths.overview()} target="_self">
                    {t('configuration.open', 'Open the app')}
                  </PathButton>
                </div>
              )}
            </Stack>
          </Alert>
        )}
      </Stack>
    </form>
  );
}

export default Configuration;
