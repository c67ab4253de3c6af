import type { AlertRow } from '../../alert/types.js';
import type { Operations } from '../operations.js';
import type { Statements } from '../statements.js';

/** The outbox of alerts. */
export function alertTable(sql: Statements): Pick<Operations, 'putAlerts' | 'alerts'> {
  return {
    putAlerts: (rows, remove) => {
      const put = sql.get('INSERT OR REPLACE INTO alert (key, body) VALUES (?,?)');
      for (const row of rows) put.run(row.key, JSON.stringify(row));
      const drop = sql.get('DELETE FROM alert WHERE key = ?');
      for (const key of remove) drop.run(key);
    },
    alerts: () => sql.bodies<AlertRow>('SELECT body FROM alert ORDER BY key'),
  };
}
