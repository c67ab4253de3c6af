import type { KindName, LoadedDocument, LoadError } from '@guardspan/policy';
import { KIND_NAMES, loadDocuments } from '@guardspan/policy';
import { CliError } from './cli-error.js';
import type { DocumentFile } from './find-documents.js';

/** A document and the file that it stands in. */
export type FiledDocument<K extends KindName = KindName> = LoadedDocument<K> & { file: string };

/** Documents by kind, each with its file, in order of the files. */
export type FiledDocuments = { [K in KindName]: FiledDocument<K>[] };

/** Loads the documents of files, of every kind; what has errors is left out and its errors are given. */
export function loadDocumentFiles(files: readonly DocumentFile[]): { documents: FiledDocuments; errors: LoadError[] } {
  const documents = Object.fromEntries(KIND_NAMES.map((kind) => [kind, []])) as unknown as FiledDocuments;
  const errors: LoadError[] = [];
  for (const { path, text } of files) {
    const loaded = loadDocuments(text, { file: path });
    errors.push(...loaded.errors);
    const collect = <K extends KindName>(kind: K): void => {
      for (const document of loaded.documents[kind]) documents[kind].push({ ...document, file: path });
    };
    for (const kind of KIND_NAMES) collect(kind);
  }
  return { documents, errors };
}

/**
 * {@link loadDocumentFiles} for who needs all of them.
 *
 * @param consequence What an error means, e.g. "nothing was sent".
 * @throws CliError FAILED when a document has errors
 */
export function loadSoundFiles(files: readonly DocumentFile[], consequence = ''): FiledDocuments {
  const { documents, errors } = loadDocumentFiles(files);
  if (errors.length === 0) return documents;
  const problems = errors.map(({ file, line, column, code, message }) => ({
    code,
    text: `${file}:${line}:${column} ${code} ${message}`,
  }));
  const hint = '`guardspan check` says how to mend each';
  throw CliError.of(problems, consequence === '' ? hint : `${consequence}; ${hint}`);
}
