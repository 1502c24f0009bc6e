import { carry } from './ledger.ts';
import type { Session } from '../session.ts';

/** What a later run of a session gets from the one before it (D5). */
export interface Carried {
  readonly session: Session;
  /** Number of the last audit record. */
  readonly record: number;
  readonly runs: number;
  /** See `AttemptId.chain`. */
  readonly chain: string;
}

/** The same within the byte budget of what one run hands to another. */
export const toCarry = ({ session, ...rest }: Carried): Carried => ({ session: carry(session), ...rest });
