import { entry } from '../entry.ts';

/** What is wrong with a bundle of evidence. */
export const BUNDLE = {
  BUNDLE_MALFORMED: entry(
    'What should be a bundle of evidence has not its form.',
    'Compare it with another copy: from the archive, or from whoever was given one before.',
    422,
  ),
  BUNDLE_TORN: entry('A bundle of evidence was being written while it was read.', 'Nothing: read it again.', 409, true),
  EVIDENCE_OFF: entry(
    'Nothing says where evidence is kept, or who signs it.',
    'Make a key with `custody keys evidence NAME`, and name it and a folder under `evidence` in custody.yaml.',
    422,
  ),
};
