import { PanelOptionsEditorBuilder, standardEditorsRegistry } from '@grafana/data';
import { waitFor } from '@testing-library/react';
import { plugin } from './module';
import type { PanelOptions } from './options';

jest.mock('../public-path', () => ({}));
jest.mock('../i18n', () => ({ t: (key: string, text: string) => `${key}: ${text}` }));

// Grafana registers its editors when it starts.
standardEditorsRegistry.setInit(() => ['text', 'radio'].map((id) => ({ id, name: id, editor: () => null })));

function names(): string[] {
  const builder = new PanelOptionsEditorBuilder<PanelOptions>();
  plugin.getPanelOptionsSupplier()(builder, { data: [] });
  return builder.getItems().map(({ name }) => name);
}

// What is loaded comes after this file has run.
const atOnce = names();

it('names its options in English until texts are loaded, then in the language of the user', async () => {
  expect(atOnce).toEqual(['Model', 'Service', 'Guard-rail', 'Owner', 'Show']);
  await waitFor(() => expect(names()[0]).toBe('panel.options.model: Model'));
  expect(names()).toEqual([
    'panel.options.model: Model',
    'panel.options.service: Service',
    'panel.options.guardrail: Guard-rail',
    'panel.options.owner: Owner',
    'panel.options.show: Show',
  ]);
});
