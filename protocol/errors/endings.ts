import { entry } from './entry.ts';

/** Why a session ended. */
export const ENDINGS = {
  SESSION_CANCELLED: entry('The session was cancelled.', 'Start a new session if the work is still wanted.', 409),
  SESSION_TIMEOUT: entry(
    'The session reached its deadline, and its grace period passed without an extension.',
    'Start a new session with a longer `session.timeout`, or extend earlier.',
    504,
  ),
  ROLLED_BACK: entry(
    'The session was rolled back to its start.',
    'See what could not be undone with `custody show`.',
    409,
  ),
};
