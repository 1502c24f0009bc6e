import { randomBytes } from 'node:crypto';
import { CustodyError } from '../../../protocol/errors.ts';
import { SESSION_ID } from '../../../protocol/fields.ts';
import { check } from '../../../protocol/values/check.ts';

/** The id of a session that nobody has named. */
const randomId = (): string => `session-${randomBytes(8).toString('hex')}`;

/** The id that a new session gets. @throws CustodyError MALFORMED_COMMAND */
export function newId(wanted: string | undefined): string {
  const id = wanted ?? randomId();
  const [problem] = check(SESSION_ID, id).problems ?? [];
  if (problem)
    throw new CustodyError('MALFORMED_COMMAND', `The id of a session ${problem.message}; it has ${id.length}.`);
  return id;
}
