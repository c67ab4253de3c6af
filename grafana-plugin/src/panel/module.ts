import '../public-path';
import { PanelPlugin } from '@grafana/data';
import { later, textsOf } from '../lazy';
import { DEFAULTS, type PanelOptions } from './options';

// Grafana reads the defaults out of the same function before texts are there. When the editor of panels opens they are: the panel waits for them.
const t = textsOf();

export const plugin = new PanelPlugin<PanelOptions>(later(() => import('./GuardrailsPanel'))).setPanelOptions(
  (builder) => {
    const description = t(
      'panel.options.hint',
      'A name, a text with *, or a variable; what the dashboard does not have narrows nothing',
    );
    return builder
      .addTextInput({
        ...{ path: 'model', name: t('panel.options.model', 'Model') },
        ...{ description, defaultValue: DEFAULTS.model },
      })
      .addTextInput({
        ...{ path: 'service', name: t('panel.options.service', 'Service') },
        ...{ description, defaultValue: DEFAULTS.service },
      })
      .addTextInput({
        ...{ path: 'guardrail', name: t('panel.options.guardrail', 'Guard-rail') },
        ...{ description, defaultValue: DEFAULTS.guardrail },
      })
      .addTextInput({
        ...{ path: 'owner', name: t('panel.options.owner', 'Owner') },
        ...{ description, defaultValue: DEFAULTS.owner },
      })
      .addRadio({
        ...{ path: 'show', name: t('panel.options.show', 'Show'), defaultValue: DEFAULTS.show },
        settings: {
          options: [
            { value: 'all', label: t('panel.options.all', 'All') },
            { value: 'firing', label: t('panel.options.firing', 'Firing') },
          ],
        },
      });
  },
);
