import { CustodyError, type ErrorCode } from '../../protocol/errors.ts';
import { toCustodyError } from '../temporal/errors.ts';

/** Sessions that are asked at once. */
const AT_ONCE = 10;

/** A session that did not say what it was asked: most often no worker of its runs. */
export interface Unanswering {
  readonly session: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Asks many sessions the same, some at once. The answers come in no order. */
export async function askAll<T>(
  sessions: readonly string[],
  ask: (session: string) => Promise<T>,
): Promise<{ readonly answers: readonly T[]; readonly unanswered: readonly Unanswering[] }> {
  const left = [...sessions];
  const answers: T[] = [];
  const unanswered: Unanswering[] = [];
  const next = async (): Promise<void> => {
    for (let session = left.shift(); session !== undefined; session = left.shift()) {
      try {
        answers.push(await ask(session));
      } catch (error) {
        const known = toCustodyError(error, session);
        if (!(known instanceof CustodyError)) throw known;
        unanswered.push({ session, code: known.code, message: known.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return { answers, unanswered };
}
