import type { Operations } from '../operations.js';
import { Statements } from '../statements.js';
import type { FeedbackRow, Judgement, JudgedVerdicts, VerdictRow } from '../types.js';
import type { AuditTable } from './audit-table.js';

interface FeedbackColumns {
  verdict_id: string;
  by_whom: string;
  judgement: Judgement;
  reason: string;
  at: number;
}

/** Reports that are kept; the oldest leave first. */
const MAX_REPORTS = 10_000;

/** Verdicts, the judgements of them, and the directives that carry them out. */
export function verdictTable(
  sql: Statements,
  audit: AuditTable,
): Pick<
  Operations,
  | 'putVerdict'
  | 'releaseVerdict'
  | 'verdicts'
  | 'verdict'
  | 'verdictReport'
  | 'putDirectives'
  | 'activeDirectives'
  | 'putFeedback'
  | 'feedback'
  | 'judgedVerdicts'
> {
  const verdict = (id: string): VerdictRow | undefined =>
    sql.bodies<VerdictRow>('SELECT body FROM verdict WHERE id = ?', id)[0];
  // A verdict that is over stays over: an older state that was still on its way does not bring it back.
  const putVerdict = (row: VerdictRow): void => {
    sql
      .get(
        `INSERT INTO verdict (id, guardrail, first_at, released_at, body) VALUES (?,?,?,?,?)
         ON CONFLICT (id) DO UPDATE SET guardrail = excluded.guardrail, first_at = excluded.first_at,
         released_at = excluded.released_at, body = excluded.body
         WHERE verdict.released_at = 0 OR excluded.released_at > 0`,
      )
      .run(row.id, row.guardrail, row.firstAt, row.releasedAt, JSON.stringify(row));
  };
  return {
    putVerdict: (row, report) => {
      putVerdict(row);
      if (report === undefined) return;
      sql.get('INSERT OR REPLACE INTO report (id, body) VALUES (?,?)').run(row.id, JSON.stringify(report));
      sql.get(`DELETE FROM report WHERE seq <= (SELECT max(seq) FROM report) - ${MAX_REPORTS}`).run();
    },
    verdictReport: (id) => sql.bodies('SELECT body FROM report WHERE id = ?', id)[0],
    releaseVerdict: (id, at, options = {}) => {
      const row = verdict(id);
      if (row === undefined || row.releasedAt > 0) return false;
      putVerdict({ ...row, state: 'ok', code: 'operator', lastAt: at, releasedAt: at });
      audit.append(options.audit ?? []);
      return true;
    },
    verdicts: (query) => {
      const where: string[] = [];
      const values: (string | number)[] = [];
      if (query.guardrail !== undefined) {
        where.push('guardrail = ?');
        values.push(query.guardrail);
      }
      if (query.active !== undefined) where.push(query.active ? 'released_at = 0' : 'released_at > 0');
      if (query.before !== undefined) {
        where.push('first_at < ?');
        values.push(query.before);
      }
      const filter = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
      return sql.bodies<VerdictRow>(
        `SELECT body FROM verdict ${filter} ORDER BY first_at DESC, id LIMIT ?`,
        ...values,
        Statements.limit(query.limit),
      );
    },
    verdict,
    putDirectives: (directives) => {
      const put = sql.get('INSERT OR REPLACE INTO directive (id, released_at, body) VALUES (?,?,?)');
      for (const d of directives) put.run(d.id, d.releasedAt, JSON.stringify(d));
    },
    activeDirectives: () => sql.bodies('SELECT body FROM directive WHERE released_at = 0 ORDER BY id'),
    putFeedback: (row, options = {}) => {
      sql
        .get('INSERT OR REPLACE INTO judgement (verdict_id, by_whom, judgement, reason, at) VALUES (?,?,?,?,?)')
        .run(row.verdictId, row.by, row.judgement, row.reason, row.at);
      audit.append(options.audit ?? []);
    },
    feedback: (verdictId) =>
      (sql.get('SELECT * FROM judgement WHERE verdict_id = ? ORDER BY at').all(verdictId) as FeedbackColumns[]).map(
        (row): FeedbackRow => ({
          verdictId: row.verdict_id,
          judgement: row.judgement,
          by: row.by_whom,
          reason: row.reason,
          at: row.at,
        }),
      ),
    judgedVerdicts: (guardrail) =>
      sql
        .get(
          `WITH judged AS (
             SELECT first_at, json_extract(body, '$.mode') AS mode, count(judgement) AS judgements,
               ifnull(sum(judgement = 'right'), 0) AS confirmed, ifnull(sum(judgement = 'false_alarm'), 0) AS refuted
             FROM verdict LEFT JOIN judgement ON verdict_id = id WHERE guardrail = ? GROUP BY id
           )
           SELECT mode, count(*) AS verdicts, sum(confirmed > refuted) AS "right", sum(refuted > confirmed) AS falseAlarm,
             sum(judgements > 0 AND confirmed = refuted) AS unclear, min(first_at) AS since
           FROM judged GROUP BY mode ORDER BY mode`,
        )
        .all(guardrail) as JudgedVerdicts[],
  };
}
