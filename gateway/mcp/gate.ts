import { CustodyError } from '../../protocol/errors.ts';
import { toProtocolError } from './calls/answers.ts';

/** Requests of one client at once; beyond it a client floods. */
const MOST = 256;

/** Does what it is given, if there is room. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many requests through at once and refuses the rest at once: what waits for nothing costs nothing. */
export function createGate(): Gate {
  let inside = 0;
  return async (work) => {
    if (inside >= MOST)
      throw toProtocolError(new CustodyError('BACKLOG_FULL', `${inside} requests of this client have no answer yet.`));
    inside += 1;
    try {
      return await work();
    } finally {
      inside -= 1;
    }
  };
}
