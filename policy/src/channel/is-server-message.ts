import type { ServerMessage } from './messages.js';

type Check = (message: Record<string, unknown>) => boolean;

const text = (value: unknown): boolean => typeof value === 'string';
const number = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const list = (value: unknown): boolean => Array.isArray(value);

const CHECKS: Readonly<Record<ServerMessage['type'], Check>> = {
  welcome: (m) =>
    text(m.protocol) && number(m.epoch) && number(m.heartbeat) && typeof m.limits === 'object' && m.limits !== null,
  snapshot: (m) =>
    text(m.revision) &&
    number(m.epoch) &&
    number(m.directiveSeq) &&
    list(m.guardrails) &&
    list(m.directives) &&
    list(m.kill) &&
    list(m.limits),
  delta: (m) => text(m.from) && text(m.revision) && list(m.upsert) && list(m.remove) && list(m.limits),
  directive: (m) => number(m.epoch) && number(m.directiveSeq) && list(m.directives),
  renew: (m) => number(m.epoch) && list(m.ids) && number(m.expiresIn),
  release: (m) => number(m.epoch) && number(m.directiveSeq) && list(m.ids) && text(m.reason),
  share: (m) => number(m.epoch) && list(m.shares),
  kill: (m) => list(m.kill),
  ping: (m) => number(m.nonce),
  decided: (m) => number(m.seq),
};

/** A light structural check of a message from the evaluator, for processes that carry no schema library. Unknown types are not messages. */
export function isServerMessage(value: unknown): value is ServerMessage {
  if (typeof value !== 'object' || value === null) return false;
  const message = value as Record<string, unknown>;
  return (
    typeof message.type === 'string' &&
    Object.hasOwn(CHECKS, message.type) &&
    CHECKS[message.type as ServerMessage['type']](message)
  );
}
