import { entry } from '../entry.ts';

/** What is wrong with a bundle of evidence. */
export const BUNDLE = {
  BUNDLE_MALFORMED: entry(
    'What should be a bundle of evidence has not its form.',
    'Compare it with another copy: from the archive, or from whoever was given one before.',
    422,
  ),
  BUNDLE_TORN: entry('A bundle of evidence was being written while it was read.', 'Nothing: read it again.', 409, true),
  EVIDENCE_ERASED: entry(
    'The key of the evidence of a session was erased: its contents cannot be read any more, and nothing is added.',
    'Nothing: somebody wanted it so. Who and why stands beside the key. What was sealed before still verifies.',
    410,
  ),
  EVIDENCE_HELD: entry(
    'A session is under legal hold, and its contents cannot be erased.',
    'Ask who holds it back; an auditor releases it with `custody audit hold ID --release --reason TEXT`.',
    409,
  ),
  EVIDENCE_OPEN: entry(
    'The session is still open: what goes on would be recorded after what was erased.',
    'End it with `custody complete` or `custody cancel`, and erase it then.',
    409,
  ),
  EVIDENCE_RETAINED: entry(
    'The retention of a session is not over, and its contents would be erased before.',
    'Wait until then; where a law wants it earlier, say so with --early, which goes on record.',
    409,
  ),
  EVIDENCE_KEY_DIFFERS: entry(
    'What was sealed of a session does not open with the key that is here, and nothing is added.',
    'Let all workers of an archive have one folder of keys (`evidence.keys`), with the key that the session was ' +
      'sealed with first.',
    409,
  ),
  EVIDENCE_OFF: entry(
    'Nothing says where evidence is kept, or who signs it.',
    'Make a key with `custody keys evidence --name NAME`, and name it and a folder under `evidence` in custody.yaml.',
    422,
  ),
  NOT_SEALED: entry(
    'A session is over, and what it did last is not sealed.',
    'See that a worker with `evidence` in its custody.yaml runs, and ask for it: `custody audit seal ID --out FOLDER`.',
    503,
    true,
  ),
};
