import type { z } from 'zod';

type Path = readonly (string | number)[];
type Schema = z.core.$ZodType;

/** One form that a mapping may have. */
export interface MappingForm {
  /** Every key, in the order of the schema. */
  keys: readonly string[];
  /** Those that must stand there, each with how it is written. */
  required: readonly { key: string; example: string }[];
}

/** The forms that a mapping at a path may have; none where a schema wants no mapping of known keys. */
export function mappingForms(schema: Schema, path: Path): MappingForm[] {
  return schemasAt(schema, path).flatMap((one): MappingForm[] => {
    const { def } = one._zod as z.core.$ZodTypes['_zod'];
    if (def.type !== 'object') return [];
    return [{ keys: Object.keys(def.shape), required: requiredOf(def.shape) }];
  });
}

/** The schemas of what stands at a path: one, or several where it may have several forms. */
function schemasAt(schema: Schema, path: Path): Schema[] {
  let found = forms(schema);
  for (const part of path) found = found.flatMap((one) => below(one, String(part)).flatMap(forms));
  return found;
}

function forms(schema: Schema): Schema[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'union':
      return def.options.flatMap(forms);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return forms(def.innerType);
    case 'pipe':
      return forms(def.in);
    default:
      return [schema];
  }
}

function below(schema: Schema, part: string): Schema[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'object') return Object.hasOwn(def.shape, part) ? [def.shape[part]!] : [];
  if (def.type === 'array') return [def.element];
  return def.type === 'record' ? [def.valueType] : [];
}

function requiredOf(shape: z.core.$ZodShape): { key: string; example: string }[] {
  return Object.entries(shape)
    .filter(([, value]) => value._zod.optin !== 'optional')
    .map(([key, value]) => ({ key, example: exampleOf(value) }));
}

/** How a value is written, with what must stand in it. */
function exampleOf(schema: Schema): string {
  const [form] = forms(schema);
  const { def } = form!._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'object': {
      const pairs = requiredOf(def.shape).map(({ key, example }) => `${key}: ${example}`);
      return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
    }
    case 'record':
      return '{ name: "..." }';
    case 'array':
      return `[${exampleOf(def.element)}]`;
    case 'number':
      return '0.5';
    default:
      return '"..."';
  }
}
