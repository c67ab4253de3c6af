import { GuardspanError } from '../error.js';
import type { RegoOutcome } from './types.js';
import { MAX_REASON_LENGTH, MAX_REASONS } from './types.js';

/** Members of the contract; a package may define others, which are ignored. */
const MEMBERS = ['deny', 'warn', 'decision'] as const;
const DECISIONS = ['allow', 'deny', 'warn'] as const;

/**
 * Reads what a policy says by the contract of docs/rego.md: `deny` and `warn` are sets (or lists) of reasons, `decision` is `allow`, `deny`, `warn`, or an
 * object with one of them under `decision` and `reasons`. Whatever denies wins over what warns, and that over what allows. A package that defines none of the
 * three is no policy: an empty set is how a policy says that it found nothing.
 * @throws GuardspanError GUARDSPAN_REGO_UNDEFINED when none is defined, GUARDSPAN_REGO_CONTRACT when one has another shape
 */
export function readOutcome(value: unknown): RegoOutcome {
  if (!isObject(value) || !MEMBERS.some((name) => Object.hasOwn(value, name))) {
    throw new GuardspanError(
      'GUARDSPAN_REGO_UNDEFINED',
      'the policy defines none of deny, warn and decision',
      'check the path of the package, and write `deny contains reason if { ... }`',
    );
  }
  const denied = reasonsOf(value['deny'], 'deny');
  const warned = reasonsOf(value['warn'], 'warn');
  const decided = decisionOf(value['decision']);
  if (decided.says === 'deny') denied.push(...decided.reasons);
  if (decided.says === 'warn') warned.push(...decided.reasons);
  const says =
    denied.length > 0 || decided.says === 'deny'
      ? 'deny'
      : warned.length > 0 || decided.says === 'warn'
        ? 'warn'
        : 'pass';
  const reasons = says === 'deny' ? denied : says === 'warn' ? warned : [];
  return {
    says,
    reasons: [...new Set(reasons)].sort().slice(0, MAX_REASONS),
    denied: denied.length,
    warned: warned.length,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonsOf(value: unknown, name: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw contractError(`\`${name}\` is no set of reasons`);
  return value.map((item) => reasonOf(item, name));
}

// conftest writes {"msg": ...}, OPA's own examples write strings.
function reasonOf(item: unknown, name: string): string {
  const text = isObject(item) ? (item['msg'] ?? item['message']) : item;
  if (typeof text !== 'string') throw contractError(`a reason of \`${name}\` is neither a string nor {"msg": string}`);
  return text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH - 1)}…` : text;
}

function decisionOf(value: unknown): { says: (typeof DECISIONS)[number]; reasons: string[] } {
  if (value === undefined) return { says: 'allow', reasons: [] };
  const word = isObject(value) ? value['decision'] : value;
  const says = DECISIONS.find((one) => one === word);
  if (says === undefined) throw contractError('`decision` is none of allow, deny and warn');
  return { says, reasons: isObject(value) ? reasonsOf(value['reasons'], 'decision') : [] };
}

function contractError(message: string): GuardspanError {
  return new GuardspanError('GUARDSPAN_REGO_CONTRACT', message, 'see docs/rego.md, The contract');
}
