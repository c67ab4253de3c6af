import { DOCUMENT_KINDS, isKindName } from './kinds/document-kinds.js';

/** In which order the keys of a map are written, and of what is below it. */
export interface KeyOrder {
  /** Sorts the keys of one map. Keys that the schema does not name come last, in the order of the author. */
  sort(keys: readonly string[]): string[];
  child(key: string): KeyOrder | undefined;
  /** For lists. */
  readonly items: KeyOrder | undefined;
}

interface JsonSchema {
  properties?: { [key: string]: JsonSchema };
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

const made = new Map<string, KeyOrder>();

/** The order of the keys of a kind of document, as its schema lists them. */
export function keyOrder(kind: string): KeyOrder {
  const known = made.get(kind);
  if (known !== undefined) return known;
  if (!isKindName(kind)) return HEADER;
  const order = ofSchema(DOCUMENT_KINDS[kind].jsonSchema() as JsonSchema);
  made.set(kind, order);
  return order;
}

const HEAD = ['apiVersion', 'kind', 'metadata', 'spec'];

/** For kinds without a schema here: only the common head is ordered. */
const HEADER: KeyOrder = { sort: (keys) => inOrder(keys, HEAD), child: () => undefined, items: undefined };

function ofSchema(schema: JsonSchema): KeyOrder {
  const forms = formsOf(schema);
  const orders = forms.map(({ properties }) => Object.keys(properties ?? {}));
  const merged = [...new Set(orders.flat())];
  const items = forms.find((form) => form.items !== undefined)?.items;
  return {
    // Of several forms the one counts that the map has.
    sort: (keys) => inOrder(keys, orders.find((order) => keys.every((key) => order.includes(key))) ?? merged),
    child: (key) => {
      for (const { properties, additionalProperties } of forms) {
        if (properties !== undefined && Object.hasOwn(properties, key)) return ofSchema(properties[key]!);
        if (typeof additionalProperties === 'object') return ofSchema(additionalProperties);
      }
      return undefined;
    },
    items: items === undefined ? undefined : ofSchema(items),
  };
}

function formsOf(schema: JsonSchema): JsonSchema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap(formsOf)];
}

function inOrder(keys: readonly string[], order: readonly string[]): string[] {
  return [...order.filter((key) => keys.includes(key)), ...keys.filter((key) => !order.includes(key))];
}
