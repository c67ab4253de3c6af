import type { AlertRow } from '../../alert/types.js';
import type { WebhookRow } from '../../alert/webhook/types.js';
import type { Operations } from '../operations.js';
import type { Statements } from '../statements.js';

/** The outboxes of alerts and of webhooks. */
export function alertTable(sql: Statements): Pick<Operations, 'putAlerts' | 'alerts' | 'putWebhooks' | 'webhooks'> {
  return {
    putAlerts: (rows, remove) => {
      const put = sql.get('INSERT OR REPLACE INTO alert (key, body) VALUES (?,?)');
      for (const row of rows) put.run(row.key, JSON.stringify(row));
      const drop = sql.get('DELETE FROM alert WHERE key = ?');
      for (const key of remove) drop.run(key);
    },
    putWebhooks: (rows, remove) => {
      const put = sql.get('INSERT OR REPLACE INTO webhook (id, body) VALUES (?,?)');
      for (const row of rows) put.run(row.id, JSON.stringify(row));
      const drop = sql.get('DELETE FROM webhook WHERE id = ?');
      for (const id of remove) drop.run(id);
    },
    webhooks: () => sql.bodies<WebhookRow>('SELECT body FROM webhook ORDER BY id'),
    alerts: () => sql.bodies<AlertRow>('SELECT body FROM alert ORDER BY key'),
  };
}
