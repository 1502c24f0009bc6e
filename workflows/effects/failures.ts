import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { isErrorCode, type Refusal } from '../../protocol/errors.ts';

/** Why an activity failed. */
export function refusalIn(error: unknown): Refusal {
  const cause = causeOf(error);
  const code = cause instanceof ApplicationFailure && isErrorCode(cause.type) ? cause.type : 'INTERNAL_ERROR';
  return { code, message: messageOf(cause) };
}

/** What is behind the failure of an activity. */
export const causeOf = (error: unknown): unknown => (error instanceof ActivityFailure ? error.cause : error);

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 1000);
