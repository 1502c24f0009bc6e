import { randomBytes } from 'node:crypto';

/** The id of a session that nobody has named. */
export const randomId = (): string => `session-${randomBytes(8).toString('hex')}`;
