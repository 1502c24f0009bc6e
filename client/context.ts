import type { Client } from '@temporalio/client';
import type { Vouched } from '../protocol/identity/standing.ts';
import type { PayloadStore } from '../protocol/values/payload.ts';
import type { Signer } from './identity/key.ts';
import type { Ears } from './session/calls/ears.ts';
import type { Murmurs } from './session/calls/murmurs.ts';

/** What every part of the client works with: made once for each connection, and once more for each other name. */
export interface Context {
  readonly client: Client;
  /** Of the workers that run the sessions. */
  readonly taskQueue: string;
  /** Values that are too large for history: the store that the workers have, too. */
  readonly payloads: PayloadStore;
  /** Who asks. On record as claimed, unless a key proves it. */
  readonly actor: string;
  /** Signs what is asked; null where the actor is only claimed. */
  readonly signer: Signer | null;
  /** What the signer vouches for, where the actor is another. */
  readonly vouched?: Vouched | undefined;
  /** What calls that wait listen with. */
  readonly ears: Ears;
  /** The same for what servers say meanwhile. */
  readonly murmurs: Murmurs;
}
