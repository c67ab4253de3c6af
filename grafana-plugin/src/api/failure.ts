import { z } from 'zod';

/**
 * Why a request to the evaluator came to nothing; each has a state of its own in the app.
 *
 * - `unreachable`: Grafana's server does not get through to it;
 * - `token`: it refuses the token of the app (401);
 * - `permission`: Grafana refuses the user, who lacks a permission;
 * - `role`: the evaluator refuses: the role of token and user is too low;
 * - `missing`: there is no such thing; `conflict`: somebody else changed it meanwhile; `invalid`: it says what is wrong with the input;
 * - `refused`: it cannot be done as things are (409); `busy`: later perhaps (429, 503); `fault`: it failed (500);
 * - `disabled`: Grafana knows no such route: the app is not enabled or of another version;
 * - `unreadable`: the answer is not one of this evaluator's API.
 */
export type FailureKind =
  | 'unreachable'
  | 'token'
  | 'permission'
  | 'role'
  | 'missing'
  | 'conflict'
  | 'invalid'
  | 'refused'
  | 'busy'
  | 'fault'
  | 'disabled'
  | 'unreadable';

/** A place in a document that is wrong. Lines and columns count from 1; 0 is unknown. */
export interface Problem {
  code: string;
  message: string;
  line: number;
  column: number;
  path: string;
  hint: string;
}

const problemSchema = z.looseObject({
  detail: z.string(),
  code: z.string(),
  hint: z.string(),
  errors: z.array(
    z.looseObject({
      code: z.string(),
      message: z.string(),
      line: z.number(),
      column: z.number(),
      path: z.string(),
      hint: z.string(),
    }),
  ),
});

/** A request that came to nothing, with what is known about it. */
export class ApiFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** HTTP status; 0 without an answer. */
    readonly status: number,
    /** The evaluator's stable code, or empty. */
    readonly code = '',
    /** How to mend it, in the evaluator's words, or empty. */
    readonly hint = '',
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
    this.name = 'ApiFailure';
  }
}

/** Codes whose status says less than they do. */
const BY_CODE: { [code: string]: FailureKind } = { GUARDSPAN_SECOND_PERSON: 'refused' };

const BY_STATUS: { [status: number]: FailureKind } = {
  400: 'invalid',
  401: 'token',
  403: 'role',
  404: 'missing',
  409: 'refused',
  412: 'conflict',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  428: 'invalid',
  429: 'busy',
  503: 'busy',
};

/** Makes a failure of what Grafana's backend service rejects with. An abort stays what it is. */
export function toFailure(error: unknown): unknown {
  if (error instanceof ApiFailure) {
    return error;
  }
  const { status, data, statusText, cancelled } = (error ?? {}) as {
    status?: unknown;
    data?: unknown;
    statusText?: string;
    cancelled?: boolean;
  };
  if (cancelled === true || typeof status !== 'number') {
    return error;
  }
  const problem = problemSchema.safeParse(data);
  if (problem.success) {
    const { detail, code, hint, errors } = problem.data;
    return new ApiFailure(BY_CODE[code] ?? BY_STATUS[status] ?? 'fault', detail, status, code, hint, errors);
  }
  // Without a problem document it is Grafana that speaks, or something between it and the evaluator.
  const message = z.looseObject({ message: z.string() }).safeParse(data).data?.message ?? statusText ?? '';
  return new ApiFailure(fromGrafana(status), message, status);
}

function fromGrafana(status: number): FailureKind {
  switch (status) {
    case 401:
    case 403:
      return 'permission';
    case 404:
      return 'disabled';
    case 0:
    case 502:
    case 503:
    case 504:
      return 'unreachable';
    default:
      return status >= 500 ? 'unreachable' : 'unreadable';
  }
}
