import { AppPlugin } from '@grafana/data';
import type { AppSettings } from './constants';
import { links } from './extensions/links';
import { later } from './lazy';

// Grafana loads this file with every page: everything else is loaded when it is needed.
export const plugin = new AppPlugin<AppSettings>()
  .setRootPage(later(() => import('./components/App/App')))
  .addConfigPage({
    title: 'Configuration',
    icon: 'cog',
    body: later(() => import('./pages/Configuration/Configuration')),
    id: 'configuration',
  });

links.forEach((link) => plugin.addLink(link));
