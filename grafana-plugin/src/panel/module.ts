import '../public-path';
import { PanelPlugin } from '@grafana/data';
import { later } from '../lazy';
import { DEFAULTS, type PanelOptions } from './options';

const HINT = 'A name, a text with *, or a variable; what the dashboard does not have narrows nothing';

// The editor of panels asks for these before texts are loaded.
/* eslint-disable @grafana/i18n/no-untranslated-strings */
export const plugin = new PanelPlugin<PanelOptions>(later(() => import('./GuardrailsPanel'))).setPanelOptions(
  (builder) =>
    builder
      .addTextInput({ path: 'model', name: 'Model', description: HINT, defaultValue: DEFAULTS.model })
      .addTextInput({ path: 'service', name: 'Service', description: HINT, defaultValue: DEFAULTS.service })
      .addTextInput({ path: 'guardrail', name: 'Guard-rail', description: HINT, defaultValue: DEFAULTS.guardrail })
      .addTextInput({ path: 'owner', name: 'Owner', description: HINT, defaultValue: DEFAULTS.owner })
      .addRadio({
        ...{ path: 'show', name: 'Show', defaultValue: DEFAULTS.show },
        settings: {
          options: [
            { value: 'all', label: 'All' },
            { value: 'firing', label: 'Firing' },
          ],
        },
      }),
);
