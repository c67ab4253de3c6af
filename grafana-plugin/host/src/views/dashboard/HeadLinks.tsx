import { config, locationService } from '@grafana/runtime';
import { Button, Dropdown, LinkButton, Menu, Stack } from '@grafana/ui';
import { useLocation } from 'react-router-dom-v5-compat';
import { useDashboards } from '../../services/use-dashboards';
import type { LinkJson } from './dashboard-json';

/** Links at the head of a dashboard, with the time range and the variables of the address where they ask for them. */
export function HeadLinks({ links }: { links: readonly LinkJson[] }) {
  const { search } = useLocation();
  const dashboards = useDashboards();
  const withState = (path: string, { keepTime, includeVars }: LinkJson): string => {
    const kept = [...new URLSearchParams(search)].filter(
      ([name]) => (keepTime && ['from', 'to'].includes(name)) || (includeVars && name.startsWith('var-')),
    );
    return kept.length === 0 ? path : `${path}?${new URLSearchParams(kept)}`;
  };
  return (
    <Stack gap={1}>
      {links.map((link) =>
        link.type === 'dashboards' ? (
          <Dropdown
            key={link.title}
            overlay={
              <Menu>
                {dashboards
                  .filter(({ tags }) => link.tags.some((tag) => tags.includes(tag)))
                  .map(({ uid, title }) => (
                    <Menu.Item
                      key={uid}
                      label={title}
                      onClick={() => locationService.push(withState(`/d/${uid}`, link))}
                    />
                  ))}
              </Menu>
            }
          >
            <Button variant="secondary" size="sm" fill="outline" icon="bars">
              {link.title}
            </Button>
          </Dropdown>
        ) : (
          <LinkButton
            key={link.title}
            variant="secondary"
            size="sm"
            fill="outline"
            icon="external-link-alt"
            href={`${config.appSubUrl}${withState(link.url ?? '/', link)}`}
          >
            {link.title}
          </LinkButton>
        ),
      )}
    </Stack>
  );
}
