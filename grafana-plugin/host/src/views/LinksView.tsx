import { config } from '@grafana/runtime';
import { LinkButton, Button, Stack } from '@grafana/ui';
import { useMemo } from 'react';
import { PluginPage } from '../chrome/PluginPage';
import { linksAt } from '../services/extensions';
import { SAMPLE_CONTEXTS } from './sample-contexts';

/** The links that the app registers in other places of Grafana, each for an example of what Grafana hands to it there. */
export function LinksView() {
  const page = useMemo(
    () => ({
      text: 'Links of the app',
      subTitle: 'What the app adds to other places of Grafana, for an example each.',
    }),
    [],
  );
  return (
    <PluginPage pageNav={page}>
      <Stack direction="column" gap={3}>
        {SAMPLE_CONTEXTS.map(({ name, point, limit, context }) => {
          const links = linksAt(point, context, limit);
          return (
            <section key={point} aria-label={name}>
              <h2>{name}</h2>
              <p>
                <code>{point}</code>
              </p>
              {links.length === 0 && <p>The app shows no link here.</p>}
              <Stack gap={1}>
                {links.map(({ id, title, path, icon, onClick }) =>
                  path === undefined ? (
                    <Button key={id} variant="secondary" {...(icon === undefined ? {} : { icon })} onClick={onClick}>
                      {title}
                    </Button>
                  ) : (
                    <LinkButton
                      key={id}
                      variant="secondary"
                      {...(icon === undefined ? {} : { icon })}
                      href={`${config.appSubUrl}${path}`}
                    >
                      {title}
                    </LinkButton>
                  ),
                )}
              </Stack>
            </section>
          );
        })}
      </Stack>
    </PluginPage>
  );
}
