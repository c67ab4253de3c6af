import { isScalar, parseDocument, stringify, visit, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Path } from './valueAt';

/** The values of a text; undefined when it is no YAML, or no map. */
export function readValues(text: string): { [key: string]: unknown } | undefined {
  const document = parseDocument(text, { version: '1.2' });
  if (document.errors.length > 0) {
    return undefined;
  }
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  return isMap(value) ? value : undefined;
}

/**
 * The text with one value changed, or taken out (`undefined`; maps that are left empty go with it). Comments and layout stay: a plain value is
 * replaced where it stands, anything else by the document model of `yaml`, which keeps comments.
 * A text that is no YAML comes back as it is.
 */
export function setValue(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text, { version: '1.2' });
  if (document.errors.length > 0) {
    return text;
  }
  const old: unknown = document.getIn(path, true);
  if (value !== undefined && !isObject(value) && isScalar(old) && old.range && !old.anchor) {
    const spliced = text.slice(0, old.range[0]) + written(value) + text.slice(old.range[1]);
    if (says(spliced, path, value)) {
      return spliced;
    }
  }
  if (value === undefined) {
    remove(document, path);
  } else {
    document.setIn(path, isObject(value) ? document.createNode(value) : value);
  }
  keepPadding(document, text);
  return document.toString({ lineWidth: 0, singleQuote: true });
}

function remove(document: Document, path: Path): void {
  if (!document.hasIn(path)) {
    return;
  }
  document.deleteIn(path);
  const parent = path.slice(0, -1);
  const rest: unknown = document.getIn(parent);
  // `metadata` and `spec` are parts of every document, and an action stays what it is without its settings.
  const kept = parent.length === 1 || (parent.length === 3 && parent[0] === 'spec' && parent[1] === 'action');
  if (!kept && isObject(rest) && 'items' in rest && Array.isArray(rest.items) && rest.items.length === 0) {
    remove(document, parent);
  }
}

/** A value on one line. */
function written(value: unknown): string {
  return stringify(value, { lineWidth: 0, blockQuote: false, singleQuote: true }).trimEnd();
}

/** True when a text is YAML that has a value at a path: what was spliced may mean something else in its place. */
function says(text: string, path: Path, value: unknown): boolean {
  const document = parseDocument(text, { version: '1.2' });
  return document.errors.length === 0 && document.getIn(path) === value;
}

/** Brackets keep the spaces inside of them that their author wrote; the library knows one option for all of a document. */
function keepPadding(document: Document, text: string): void {
  const pad = (collection: YAMLMap | YAMLSeq, usual: boolean): void => {
    if (collection.flow !== true) {
      return;
    }
    const padded = collection.range ? /\s/.test(text[collection.range[0] + 1] ?? '') : usual;
    const print = collection.toString.bind(collection);
    collection.toString = (context, ...rest) =>
      print(context && { ...context, flowCollectionPadding: padded ? ' ' : '' }, ...rest);
  };
  visit(document, { Map: (_, map) => pad(map, true), Seq: (_, list) => pad(list, false) });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isMap(value: unknown): value is { [key: string]: unknown } {
  return isObject(value) && !Array.isArray(value);
}
