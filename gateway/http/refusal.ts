import { CustodyError, ERRORS } from '../../protocol/errors.ts';
import type { ApiError } from '../api/answers.ts';
import { challengeFor, type ChallengeOptions } from '../auth/bearer.ts';
import { RateLimited } from '../auth/limits.ts';
import { CODE, refusalIn } from '../mcp/calls/answers.ts';

/** Seconds after which a gateway that had no room is asked again. */
const LATER = 2;

export interface RefusalOptions extends ChallengeOptions {
  /** Instead of that of the code. */
  readonly status?: number | undefined;
  /** As the API says it, instead of JSON-RPC. */
  readonly isApi?: boolean;
}

/** REQUEST_REFUSED, with a status that says more of why. */
export class Refused extends CustodyError {
  readonly status: number;
  /** Methods that there are instead. */
  readonly allow: string | undefined;

  constructor(message: string, status: number, allow?: string) {
    super('REQUEST_REFUSED', message);
    this.status = status;
    this.allow = allow;
  }
}

/**
 * What is answered by HTTP instead of by the session: the status of the code, and an error of JSON-RPC under no id, so
 * that any client can show the code and what to do. To those who ask the API, in its own form.
 */
export function refusalOf(thrown: unknown, { status, isApi = false, ...challenge }: RefusalOptions = {}): Response {
  const { code, message } = refusalIn(thrown);
  const error = thrown instanceof CustodyError ? thrown : new CustodyError(code, message);
  const { remedy } = error;
  const { http, jsonRpc } = ERRORS[code];
  const authenticate = challengeFor(error, challenge);
  const again = thrown instanceof RateLimited ? thrown.retryAfter : http === 503 ? LATER : undefined;
  const own = thrown instanceof Refused ? thrown : undefined;
  const body = isApi
    ? ({ error: { code, message, remedy } } satisfies ApiError)
    : {
        jsonrpc: '2.0',
        id: null,
        error: { code: jsonRpc, message: `${code}: ${message} ${remedy}`, data: { [CODE]: code } },
      };
  return Response.json(body, {
    // What no token would mend is no matter of logging in.
    status: status ?? own?.status ?? (http === 401 && authenticate === undefined ? 403 : http),
    headers: {
      'cache-control': 'no-store',
      ...(authenticate === undefined ? {} : { 'www-authenticate': authenticate }),
      ...(again === undefined ? {} : { 'retry-after': String(again) }),
      ...(own?.allow === undefined ? {} : { allow: own.allow }),
    },
  });
}
