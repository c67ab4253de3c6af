import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { DASHBOARD_UID, GRAFANA_APP_ID } from '@guardspan/policy';
import { TAG } from './uids.js';
import type { DashboardName } from './uids.js';

const TIME = 'from=${__from}&to=${__to}';

/** A link of values in a panel to one of our dashboards, with the time range and the variables that both have. */
export function toDashboard(
  title: string,
  name: DashboardName,
  variables: { readonly [name: string]: string },
): DashboardLinkBuilder {
  const query = Object.entries(variables).map(([variable, value]) => `var-${variable}=${value}`);
  const parts = [TIME, 'var-datasource=${datasource}', ...query];
  return new DashboardLinkBuilder(title).url(`/d/${DASHBOARD_UID[name]}?${parts.join('&')}`);
}

/** A link to a page of the Grafana app, with the time range. */
export function toApp(
  title: string,
  page: string,
  query: { readonly [name: string]: string } = {},
): DashboardLinkBuilder {
  const parts = [...Object.entries(query).map(([name, value]) => `${name}=${value}`), TIME];
  return new DashboardLinkBuilder(title).url(`/a/${GRAFANA_APP_ID}/${page}?${parts.join('&')}`);
}

/** Links at the head of each dashboard: to our others, and to the app. */
export function headLinks(page: string): DashboardLinkBuilder[] {
  return [
    new DashboardLinkBuilder('Guardspan dashboards')
      .type(DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true)
      .tooltip('The other dashboards about guard-rails, with the same time range and variables'),
    new DashboardLinkBuilder('Guardspan app')
      .type(DashboardLinkType.Link)
      .icon('external link')
      .url(`/a/${GRAFANA_APP_ID}/${page}`)
      .keepTime(true)
      .tooltip('Verdicts with their reasons, documents, kill switches'),
  ];
}
