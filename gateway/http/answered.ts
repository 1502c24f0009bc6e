import type { ServerResponse } from 'node:http';
import { CustodyError } from '../../protocol/errors.ts';

/** Calls it once the response is out, or its client is gone. */
export function untilAnswered(response: ServerResponse, done: () => void): void {
  if (response.destroyed) done();
  else response.once('close', done);
}

/** A session that may not be known looks like one that is not there. */
export const notFound = (id: string): CustodyError =>
  new CustodyError('SESSION_NOT_FOUND', `There is no session '${id.slice(0, 200)}'.`);
