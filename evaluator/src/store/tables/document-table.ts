import type { Operations } from '../operations.js';
import type { Statements } from '../statements.js';
import type { DocumentKey, DocumentVersion } from '../types.js';
import type { AuditTable } from './audit-table.js';

type DocumentRow = Omit<DocumentVersion, 'normal' | 'deleted' | 'breakGlass'> & {
  normal: string;
  deleted: number;
  break_glass: string;
};

/** Versions of documents, and changes that wait for an approver. */
export function documentTable(
  sql: Statements,
  audit: AuditTable,
): Pick<Operations, 'putDocument' | 'documents' | 'documentHistory' | 'putProposal' | 'proposals' | 'deleteProposal'> {
  const endProposal = ({ kind, name }: DocumentKey): boolean =>
    sql.get('DELETE FROM proposals WHERE kind = ? AND name = ?').run(kind, name).changes > 0;
  return {
    putDocument: (version, options = {}) => {
      const { kind, name, revision, normal, author, approver, at, source, deleted, why, breakGlass } = version;
      const last = sql
        .get('SELECT max(generation) AS generation FROM documents WHERE kind = ? AND name = ?')
        .get(kind, name) as { generation: number | null };
      const generation = (last.generation ?? 0) + 1;
      sql
        .get(
          'INSERT INTO documents (kind, name, generation, revision, normal, author, approver, at, source, deleted, why, break_glass) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)',
        )
        .run(
          ...[kind, name, generation, revision, JSON.stringify(normal)],
          ...[author, approver, at, source, deleted ? 1 : 0, why, JSON.stringify(breakGlass)],
        );
      if (options.endsProposal === true) endProposal(version);
      audit.append(options.audit ?? []);
      return { ...version, generation };
    },
    documents: () =>
      (
        sql
          .get(
            `SELECT d.* FROM documents d JOIN (SELECT kind, name, max(generation) AS generation FROM documents GROUP BY kind, name) n
             ON d.kind = n.kind AND d.name = n.name AND d.generation = n.generation WHERE d.deleted = 0 ORDER BY d.kind, d.name`,
          )
          .all() as DocumentRow[]
      ).map(documentVersion),
    documentHistory: ({ kind, name }) =>
      (
        sql
          .get('SELECT * FROM documents WHERE kind = ? AND name = ? ORDER BY generation')
          .all(kind, name) as DocumentRow[]
      ).map(documentVersion),
    putProposal: (row, options = {}) => {
      sql
        .get('INSERT OR REPLACE INTO proposals (kind, name, body) VALUES (?,?,?)')
        .run(row.kind, row.name, JSON.stringify(row));
      audit.append(options.audit ?? []);
    },
    proposals: () => sql.bodies('SELECT body FROM proposals ORDER BY kind, name'),
    deleteProposal: (key, options = {}) => {
      if (!endProposal(key)) return false;
      audit.append(options.audit ?? []);
      return true;
    },
  };
}

function documentVersion({ break_glass, ...row }: DocumentRow): DocumentVersion {
  return {
    ...row,
    normal: JSON.parse(row.normal) as DocumentVersion['normal'],
    deleted: row.deleted === 1,
    breakGlass: JSON.parse(break_glass) as DocumentVersion['breakGlass'],
  };
}
