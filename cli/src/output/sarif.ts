import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from './problem.js';

/**
 * Problems as a SARIF log, for the code scanning of GitHub, GitLab and editors.
 * Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
 */
export function sarif(problems: readonly Problem[], version: string): object {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'guardspan',
            semanticVersion: version,
            rules: codes.map((id) => ({
              id,
              shortDescription: {
                text: id
                  .replace(/^GUARDSPAN_/, '')
                  .toLowerCase()
                  .replaceAll('_', ' '),
              },
              help: { text: problems.find(({ code }) => code === id)!.hint },
              defaultConfiguration: { level: problems.find(({ code }) => code === id)!.severity },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: problems.map(({ file, line, column, path, code, message, hint, severity }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: severity,
          message: { text: `${message}${path === '' ? '' : ` (${path})`}. ${hint}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: locationOf(file),
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  };
}

// A path from the working directory is one from the root of the sources, which is what code scanning resolves.
function locationOf(file: string): { uri: string; uriBaseId?: string } {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split(sep).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
