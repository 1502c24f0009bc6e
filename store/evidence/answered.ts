import { CustodyError, type ErrorCode } from '../../protocol/errors.ts';
import { quote } from '../../protocol/values/text.ts';

/**
 * An error of the S3 client as one of ours, with the client's own as its cause. What says no is a refusal, whatever may
 * pass by itself is not.
 *
 * @param what was asked for, of which bucket
 */
export function answered(error: unknown, what: string, bucket: string): CustodyError {
  if (error instanceof CustodyError) return error;
  const status = statusOf(error);
  const name = nameOf(error);
  const code = codeOf(name, status);
  const verb = code === 'EVIDENCE_UNAVAILABLE' ? 'does not answer for' : 'says no to';
  return new CustodyError(code, `The bucket ${bucket} ${verb} ${what}: ${reasonOf(error, name, status)}.`, {
    cause: error,
  });
}

/** The name that the service gave its error, or the client where the service gave none. */
export const nameOf = (error: unknown): string | undefined => {
  const { name } = clientError(error) as { readonly name?: unknown };
  return typeof name === 'string' ? name : undefined;
};

/** The HTTP status of the answer; undefined where there was none. */
const statusOf = (error: unknown): number | undefined =>
  (clientError(error) as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** What the client threw, where it is one of ours already. */
function clientError(error: unknown): object {
  const thrown = error instanceof CustodyError ? error.cause : error;
  return thrown instanceof Object ? thrown : {};
}

/** Statuses of the class of 4xx that pass by themselves. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

function codeOf(name: string | undefined, status: number | undefined): ErrorCode {
  if (name === 'NoSuchKey') return 'EVIDENCE_MISSING';
  if (name === 'ObjectParentIsFile' || name === 'ExistingObjectIsDirectory') return 'EVIDENCE_CONFLICT';
  // Two writers of one key at once: one of them is to come again.
  if (name === 'ConditionalRequestConflict' || name === 'OperationAborted') return 'EVIDENCE_UNAVAILABLE';
  return status !== undefined && status >= 300 && status < 500 && !PASSING.has(status)
    ? 'EVIDENCE_REFUSED'
    : 'EVIDENCE_UNAVAILABLE';
}

/** What the service says is text from outside; what the client says may be hidden in its parts. */
function reasonOf(error: unknown, name: string | undefined, status: number | undefined): string {
  if (status !== undefined && name !== undefined && name !== 'Unknown') {
    const { message } = error as Error;
    const isTold = message !== '' && message !== 'UnknownError' && message !== name;
    return `HTTP ${status}, ${quote(name)}${isTold ? `, ${quote(message)}` : ''}`;
  }
  if (status !== undefined) return `HTTP ${status}`;
  const { message, code } = error as NodeJS.ErrnoException;
  return quote(message || String(code ?? name ?? error));
}
