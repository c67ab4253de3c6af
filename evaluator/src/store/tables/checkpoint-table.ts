import { rowsOf } from '../../count/rows-of.js';
import type { Operations } from '../operations.js';
import type { Statements } from '../statements.js';

interface BucketRow {
  revision: string;
  series: string;
  bucket: number;
  arm: 'model' | 'probe';
  totals: Uint8Array;
}
interface SeriesRow {
  revision: string;
  series: string;
  state: string;
}

/** What the engine counted: buckets, states of series, and which calls are in them. */
export function checkpointTable(
  sql: Statements,
): Pick<Operations, 'commitCheckpoint' | 'loadCheckpoint' | 'closedBuckets'> {
  return {
    commitCheckpoint: (checkpoint) => {
      const bucket = sql.get(
        'INSERT OR REPLACE INTO bucket (revision, series, bucket, arm, totals) VALUES (?,?,?,?,?)',
      );
      for (const b of rowsOf(checkpoint.buckets)) bucket.run(b.revision, b.series, b.bucket, b.arm, b.totals);
      const series = sql.get('INSERT OR REPLACE INTO series (revision, series, state) VALUES (?,?,?)');
      // An empty state is that of a series, or of a call that waited, which is forgotten.
      const forget = sql.get('DELETE FROM series WHERE revision = ? AND series = ?');
      for (const s of checkpoint.series)
        if (s.state === '{}') forget.run(s.revision, s.series);
        else series.run(s.revision, s.series, s.state);
      const seen = sql.get('INSERT INTO seen (slice, ids) VALUES (?,?)');
      for (const s of checkpoint.seen) seen.run(s.slice, s.ids);
      sql.get('DELETE FROM seen WHERE slice < ?').run(checkpoint.closedBefore);
    },
    loadCheckpoint: () => {
      const buckets = sql.get('SELECT revision, series, bucket, arm, totals FROM bucket ORDER BY bucket').all();
      const seen = sql.get('SELECT slice, ids FROM seen ORDER BY id').all() as { slice: number; ids: Uint8Array }[];
      return {
        buckets: (buckets as BucketRow[]).map((row) => ({ ...row, totals: new Uint8Array(row.totals) })),
        series: sql.get('SELECT revision, series, state FROM series').all() as SeriesRow[],
        seen: seen.map((row) => ({ slice: row.slice, ids: new Uint8Array(row.ids) })),
      };
    },
    closedBuckets: ({ revision, series, from, to, limit }) => {
      const rows = sql
        .get(
          `SELECT bucket, totals FROM bucket WHERE revision = ? AND series = ? AND bucket >= ? AND bucket < ? AND arm = 'model' ORDER BY bucket LIMIT ?`,
        )
        .all(revision, series, from, to, limit) as { bucket: number; totals: Uint8Array }[];
      return rows.map(({ bucket, totals }) => ({ bucket, totals: new Uint8Array(totals) }));
    },
  };
}
