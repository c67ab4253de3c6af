/** Roles of people and pipelines, each with everything that the one before it may do. `agent` is apart: the processes that make model calls. */
export const ROLES = ['viewer', 'editor', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number] | 'agent';

/** Who a request comes from. Never holds the token. */
export interface Principal {
  /** Name of the token in the configuration; `local` in single-user mode. */
  name: string;
  role: Role;
  /** Services that an agent token is bound to; `*` globs; empty means all. Only read for `agent`. */
  services: readonly string[];
  /** Models that an agent token is bound to; `*` globs; empty means all. Only read for `agent`. */
  models: readonly string[];
  /** `grafana`: the token speaks for the users that Grafana's proxy names. */
  onBehalf?: 'grafana';
  /** Role of the token itself, where it speaks for a user who may do less. */
  tokenRole?: Role;
}

/** Why a request is refused: `missing` and `unknown` answer 401, `throttled` 429. */
export type AuthRefusal = 'missing' | 'unknown' | 'throttled';

/** Result of {@link Authenticator.authenticate}. */
export type AuthResult =
  | { ok: true; principal: Principal }
  | {
      ok: false;
      reason: AuthRefusal;
      /** Seconds to wait, for `throttled`; else 0. */
      retryAfter: number;
    };

/** Checks bearer tokens. The HTTP API, the OTLP receivers and the websocket upgrade share one. */
export interface Authenticator {
  /**
   * @param authorization the `authorization` header, or undefined.
   * @param remote address of the peer; failed attempts are bounded per address.
   */
  authenticate(authorization: string | undefined, remote: string): AuthResult;
  /** True when no token is configured and everything on loopback is one `admin`. */
  readonly singleUser: boolean;
}
