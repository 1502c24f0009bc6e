import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { CustodyError } from '../../protocol/errors.ts';
import { RECOVERING } from '../../workflows/messages.ts';
import { RAN_AHEAD } from '../../workflows/sdk/runAhead.ts';
import { CLIENT_CLOSED } from '../sdk/closed.ts';

/** Nobody answered a question about a session. Asking again is safe. */
export class Unanswered extends CustodyError {
  constructor(cause: unknown) {
    super('TEMPORAL_UNAVAILABLE', `No answer came: ${grpcOf(cause)?.details}.`, { cause });
  }
}

/** The gRPC error in or behind an error of the SDK. */
export function grpcOf(error: unknown): { readonly code: number; readonly details: string } | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (isGrpcServiceError(each)) return { code: each.code, details: each.details };
  }
  return undefined;
}

/** A query that met a session whose last events no worker has taken up yet. */
export const isUnread = ({ message }: QueryNotRegisteredError): boolean =>
  message.includes(RAN_AHEAD) || message.includes(RECOVERING);
const UNREAD = 'No worker took up what happened last to the session: its workers come and go.';

/** What an error of Temporal means to a user of Custody; errors of Custody stay as they are. */
export function toCustodyError(error: unknown, session?: string): Error {
  if (error instanceof CustodyError) return error;
  const grpc = grpcOf(error);
  const text = grpc?.details || (error instanceof Error ? error.message : String(error));
  const of = (code: CustodyError['code'], message: string) => new CustodyError(code, message, { cause: error });
  if (grpc?.details === CLIENT_CLOSED) return of('CLIENT_CLOSED', 'The client was closed before an answer came.');
  if (/search attribute/i.test(text) && grpc?.code === status.INVALID_ARGUMENT) return of('SETUP_MISSING', text);
  if (/namespace.*not found/i.test(text)) return of('NAMESPACE_NOT_FOUND', text);
  if (error instanceof WorkflowNotFoundError || grpc?.code === status.NOT_FOUND) {
    return /already completed/i.test(text)
      ? of('SESSION_ENDED', `The session '${session ?? ''}' has ended.`)
      : of('SESSION_NOT_FOUND', `There is no session '${session ?? ''}'.`);
  }
  if (/no poller|worker may be down/i.test(text)) return of('NO_WORKER', 'No worker has asked for work lately.');
  if (
    grpc &&
    [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.PERMISSION_DENIED, status.UNAUTHENTICATED].includes(
      grpc.code as never,
    )
  )
    return of('TEMPORAL_UNAVAILABLE', text);
  if (error instanceof QueryNotRegisteredError && isUnread(error)) return of('TEMPORAL_UNAVAILABLE', UNREAD);
  if (error instanceof ServiceError) return of('TEMPORAL_UNAVAILABLE', text);
  return error instanceof Error ? error : new Error(text);
}
