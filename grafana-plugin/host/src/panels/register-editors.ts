import {
  FieldConfigProperty,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type FieldConfigPropertyItem,
  type StandardEditorsRegistryItem,
  type TransformerRegistryItem,
} from '@grafana/data';

const EDITORS = [
  ...['text', 'number', 'slider', 'boolean', 'select', 'multi-select', 'radio', 'unit', 'links', 'actions', 'json'],
  ...[
    'stats-picker',
    'strings',
    'timezone',
    'fieldColor',
    'color',
    'field-name',
    'dashboard-uid',
    'mappings',
    'thresholds',
  ],
];

function item(
  id: FieldConfigProperty,
  process: (...args: never[]) => unknown,
  defaultValue?: unknown,
): FieldConfigPropertyItem {
  const none = () => null;
  return {
    ...{ id, path: id, name: id, description: '', category: ['Standard options'], settings: {}, defaultValue },
    ...{ editor: none, override: none, process, shouldApply: () => true },
  } as unknown as FieldConfigPropertyItem;
}

/** Fills the registries of options that panels build on. The host draws panels and edits none, so editors are empty. */
export function registerEditors(): void {
  const none = () => null;
  standardTransformersRegistry.setInit(() =>
    // One of them stands under two names.
    [...new Map(Object.values(standardTransformers).map((one) => [one.id, one])).values()].map(
      (transformation) =>
        ({
          id: transformation.id,
          name: transformation.name,
          // Grafana 12 takes the transformation itself, 13 a function that loads it.
          transformation: Object.defineProperties(
            () => Promise.resolve(transformation),
            Object.getOwnPropertyDescriptors(transformation),
          ),
          editor: none,
        }) as unknown as TransformerRegistryItem,
    ),
  );
  standardEditorsRegistry.setInit(() =>
    EDITORS.map((id) => ({ id, name: id, editor: none }) as unknown as StandardEditorsRegistryItem),
  );
  standardFieldConfigEditorRegistry.setInit(() => [
    item(FieldConfigProperty.Unit, unitOverrideProcessor),
    item(FieldConfigProperty.Min, numberOverrideProcessor),
    item(FieldConfigProperty.Max, numberOverrideProcessor),
    item(FieldConfigProperty.Decimals, numberOverrideProcessor),
    item(FieldConfigProperty.DisplayName, displayNameOverrideProcessor),
    item(FieldConfigProperty.Color, identityOverrideProcessor, { mode: 'palette-classic' }),
    item(FieldConfigProperty.NoValue, identityOverrideProcessor),
    item(FieldConfigProperty.Links, dataLinksOverrideProcessor),
    item(FieldConfigProperty.Mappings, valueMappingsOverrideProcessor),
    item(FieldConfigProperty.Thresholds, thresholdsOverrideProcessor),
  ]);
}
