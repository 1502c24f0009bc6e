import type { Held, Log } from '../../../audit/seal/log.ts';
import type { ActivityDeps } from '../../deps.ts';
import type { Kept } from '../deps.ts';
import type { Proved } from './prove.ts';

/** An order that is obeyed. */
export interface Obeying {
  readonly session: string;
  /** When it came, in epoch milliseconds. */
  readonly at: number;
  readonly proven: Proved;
  readonly kept: Kept;
  readonly log: Log;
  readonly held: Held;
}

export type OrderDeps = Pick<ActivityDeps, 'evidence' | 'payloads' | 'values' | 'principals'>;
