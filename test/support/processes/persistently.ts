import { CustodyError } from '../../../client/index.ts';

/** Asks again what may be asked again: workers that are killed one after the other may be away for a minute. */
export const persistently = <T>(ask: () => Promise<T>): Promise<T> =>
  ask().catch((error: unknown) => {
    if (error instanceof CustodyError && error.retryable && error.code !== 'CLIENT_CLOSED') return persistently(ask);
    throw error;
  });

/** Not in this state, or not yet: who was refused ten times in a row has to wait. */
const REFUSED: ReadonlySet<string> = new Set(['ILLEGAL_IN_STATE', 'CALL_NOT_IN_DOUBT', 'TOO_MANY_REFUSALS']);

/** Undefined when the session is in a state that does not allow the command. */
export const unlessRefused = <T>(command: Promise<T>): Promise<T | undefined> =>
  command.catch((error: unknown) => {
    if (error instanceof CustodyError && REFUSED.has(error.code)) return undefined;
    throw error;
  });
