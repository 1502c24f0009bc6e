import { CustodyError, ERRORS } from '../../protocol/errors.ts';
import { challengeFor, type ChallengeOptions } from '../auth/bearer.ts';
import { RateLimited } from '../auth/limits.ts';
import { CODE, refusalIn } from '../mcp/calls/answers.ts';

/** Seconds after which a gateway that had no room is asked again. */
const LATER = 2;

export interface RefusalOptions extends ChallengeOptions {
  /** Instead of that of the code. */
  readonly status?: number;
}

/**
 * What is answered by HTTP instead of by the session: the status of the code, and an error of JSON-RPC under no id, so
 * that any client can show the code and what to do.
 */
export function refusalOf(thrown: unknown, { status, ...challenge }: RefusalOptions = {}): Response {
  const { code, message } = refusalIn(thrown);
  const error = thrown instanceof CustodyError ? thrown : new CustodyError(code, message);
  const { http, jsonRpc } = ERRORS[code];
  const authenticate = challengeFor(error, challenge);
  const again = thrown instanceof RateLimited ? thrown.retryAfter : http === 503 ? LATER : undefined;
  const text = `${code}: ${message} ${error.remedy}`;
  return Response.json(
    { jsonrpc: '2.0', id: null, error: { code: jsonRpc, message: text, data: { [CODE]: code } } },
    {
      // What no token would mend is no matter of logging in.
      status: status ?? (http === 401 && authenticate === undefined ? 403 : http),
      headers: {
        'cache-control': 'no-store',
        ...(authenticate === undefined ? {} : { 'www-authenticate': authenticate }),
        ...(again === undefined ? {} : { 'retry-after': String(again) }),
      },
    },
  );
}
