import { entry } from './entry.ts';

/** What is said to rollbacks and forks. */
export const UNDOING = {
  BEFORE_IMAGE_FAILED: entry(
    'What stood there before the call could not be read, so the call could not have been undone and was not sent.',
    'Read the message of the tool; see the rule `undo` of the tool in custody.yaml.',
    502,
  ),
  UNDO_FAILED: entry(
    'A compensation was made and things are not as they were before.',
    'Look at what the tool acts on, mend what keeps it from working, and roll back again.',
    502,
  ),
  UNDO_CONFLICT: entry(
    'Somebody else changed what the call had made, so undoing it would overwrite their work.',
    'Look at both versions and mend it by hand.',
    409,
  ),
};
