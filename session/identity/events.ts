import type { By } from '../../protocol/by.ts';

/** What happens to the proofs of a session. */
export type IdentityEvent = {
  /** A worker found that the actor of a command is who it says; the command may be refused all the same. */
  readonly type: 'proven';
  readonly name: string;
  readonly by: By;
  readonly key: string;
  /** When it was signed, epoch milliseconds. */
  readonly signedAt: number;
  readonly isDone: boolean;
  readonly at: number;
};
