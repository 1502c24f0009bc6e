import { entry } from '../entry.ts';

/** What is wrong where evidence is kept. */
export const ARCHIVE = {
  EVIDENCE_CONFLICT: entry(
    'A file of evidence that never changes is there with other bytes, and nothing was overwritten.',
    'Find out who wrote it: two deployments that share an archive and a name, or somebody who changed what was kept. ' +
      'Keep both.',
    409,
  ),
  EVIDENCE_MISSING: entry(
    'The archive has no such file of evidence.',
    'Compare the path with what the archive lists; a bucket with versions may still have one that was deleted.',
    404,
  ),
  EVIDENCE_TOO_LARGE: entry(
    'A file of evidence is larger than what is read of one.',
    'Find out who wrote it: Custody writes none of that size.',
    413,
  ),
  EVIDENCE_PATH: entry(
    'What should be the path of a file of evidence is none, and nothing was read or written.',
    'Take parts of letters, digits, ".", "_" and "-" with "/" between them, such as "demo/session-1/checkpoint".',
    400,
  ),
  EVIDENCE_UNAVAILABLE: entry(
    'The archive of evidence cannot be reached, read or written just now.',
    'Nothing at once: it is tried again. Where it goes on, look at the network, the service, or the space on the disk.',
    503,
    true,
  ),
  EVIDENCE_REFUSED: entry(
    'The archive of evidence refuses what it was asked for.',
    'Read its reason in the message; see `evidence.archive` in custody.yaml, the keys that it refers to, and what ' +
      'they may do.',
    403,
  ),
  EVIDENCE_NOT_LOCKABLE: entry(
    'The archive of evidence cannot lock what it keeps, and a lock was asked for.',
    'Take a bucket that was made with object lock, or leave `evidence.retention` out.',
    422,
  ),
};
