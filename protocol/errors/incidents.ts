import { entry } from './entry.ts';

/** What the scan of arguments and results says, and what is said of incidents. */
export const INCIDENTS = {
  SCAN_BLOCKED: entry(
    'The scan of the profile found a secret or personal data where it must not be.',
    'Leave out what the message names: of arguments nothing was sent; a call whose result is kept back was made.',
    422,
  ),
  SCAN_FAILED: entry(
    'A text could not be scanned in time, and the profile wants it scanned.',
    'Make it smaller; `custody incidents` says which call it was. Of arguments nothing was sent.',
    422,
  ),
  INCIDENT_NOT_FOUND: entry(
    'The session has no such open incident.',
    'Look at the open ones with `custody incidents`.',
    404,
  ),
};
