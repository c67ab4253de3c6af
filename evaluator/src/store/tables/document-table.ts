import type { Operations } from '../operations.js';
import type { Statements } from '../statements.js';
import type { DocumentVersion } from '../types.js';
import type { AuditTable } from './audit-table.js';

type DocumentRow = Omit<DocumentVersion, 'guardrail' | 'deleted'> & { guardrail: string; deleted: number };

/** Versions of documents, and changes that wait for an approver. */
export function documentTable(
  sql: Statements,
  audit: AuditTable,
): Pick<Operations, 'putDocument' | 'documents' | 'documentHistory' | 'putProposal' | 'proposals' | 'deleteProposal'> {
  const endProposal = (name: string): boolean => sql.get('DELETE FROM proposal WHERE name = ?').run(name).changes > 0;
  return {
    putDocument: (version, options = {}) => {
      const last = sql.get('SELECT max(generation) AS generation FROM document WHERE name = ?').get(version.name) as {
        generation: number | null;
      };
      const stored: DocumentVersion = { ...version, generation: (last.generation ?? 0) + 1 };
      const { name, generation, revision, guardrail, author, approver, at, source, deleted } = stored;
      sql
        .get(
          'INSERT INTO document (name, generation, revision, guardrail, author, approver, at, source, deleted) VALUES (?,?,?,?,?,?,?,?,?)',
        )
        .run(name, generation, revision, JSON.stringify(guardrail), author, approver, at, source, deleted ? 1 : 0);
      if (options.endsProposal === true) endProposal(name);
      audit.append(options.audit ?? []);
      return stored;
    },
    documents: () =>
      (
        sql
          .get(
            `SELECT d.* FROM document d JOIN (SELECT name, max(generation) AS generation FROM document GROUP BY name) n
             ON d.name = n.name AND d.generation = n.generation WHERE d.deleted = 0 ORDER BY d.name`,
          )
          .all() as DocumentRow[]
      ).map(documentVersion),
    documentHistory: (name) =>
      (sql.get('SELECT * FROM document WHERE name = ? ORDER BY generation').all(name) as DocumentRow[]).map(
        documentVersion,
      ),
    putProposal: (row, options = {}) => {
      sql.get('INSERT OR REPLACE INTO proposal (name, body) VALUES (?,?)').run(row.name, JSON.stringify(row));
      audit.append(options.audit ?? []);
    },
    proposals: () => sql.bodies('SELECT body FROM proposal ORDER BY name'),
    deleteProposal: (name, options = {}) => {
      if (!endProposal(name)) return false;
      audit.append(options.audit ?? []);
      return true;
    },
  };
}

function documentVersion(row: DocumentRow): DocumentVersion {
  return {
    ...row,
    guardrail: JSON.parse(row.guardrail) as DocumentVersion['guardrail'],
    deleted: row.deleted === 1,
  };
}
