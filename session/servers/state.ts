import type { ServerPin } from '../../protocol/calls/call.ts';
import type { Bindings } from './binding.ts';

/** The servers of a session, who holds the stateful ones, and the workers that were seen. */
export interface Servers {
  readonly servers: { readonly [name: string]: ServerPin };
  readonly bindings: Bindings;
  /** Leases that were given up before the session knew that it holds them: an opening was under way. */
  readonly releasedEarly: readonly string[];
  /** Names of the last workers seen, with the last boot of each, the newest last. */
  readonly workers: { readonly [name: string]: string };
  /** The last boots that are known to be gone: what still comes in from one, or of its loss, is no other restart. */
  readonly goneBoots: readonly string[];
  /** A loss was recorded whose worker is not known. */
  readonly lostUnseen: boolean;
  /** The last attempt that was recorded as lost with its worker; `unnamed` until another one names that worker. */
  readonly lastLoss: { readonly at: number; readonly unnamed: boolean } | null;
  readonly restarts: number;
}

export const NO_SERVERS: Servers = {
  servers: {},
  bindings: {},
  releasedEarly: [],
  workers: {},
  goneBoots: [],
  lostUnseen: false,
  lastLoss: null,
  restarts: 0,
};
