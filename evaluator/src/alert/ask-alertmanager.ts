import type { InstanceStatus } from './types.js';

/**
 * Asks an Alertmanager for its state (`GET /api/v2/status`).
 *
 * @param get answers with status and text; may reject
 * @returns undefined when it does not say: not every server of this API has one
 */
export async function askAlertmanager(
  get: (path: string) => Promise<{ status: number; text: string }>,
): Promise<InstanceStatus | undefined> {
  try {
    // Relative to `/api/v2/alerts`, below whatever prefix the server has.
    const { status, text } = await get('status');
    if (status !== 200) return undefined;
    const { cluster, uptime } = JSON.parse(text) as { cluster?: { status?: unknown }; uptime?: unknown };
    return { start: String(uptime), settling: cluster?.status === 'settling' };
  } catch {
    return undefined;
  }
}
