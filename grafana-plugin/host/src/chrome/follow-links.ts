import { locationUtil } from '@grafana/data';
import { config, locationService } from '@grafana/runtime';

/** Turns clicks on links into this Grafana into navigation without a page load, as Grafana's core does. Call once. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    const anchor = (event.target as Element).closest('a');
    const href = anchor?.getAttribute('href') ?? '';
    if (anchor === null || href === '' || anchor.target !== '') return;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (/^[a-z]+:/i.test(href) || href.startsWith('#') || href.startsWith(`${config.appSubUrl}/host/`)) return;
    event.preventDefault();
    const path = locationUtil.stripBaseFromUrl(href);
    locationService.push(path.startsWith('/') ? path : `/${path}`);
  });
}
