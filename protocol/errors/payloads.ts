import { entry } from './entry.ts';

/** What is wrong with values outside history. */
export const PAYLOADS = {
  PAYLOAD_MISSING: entry(
    'A value that is kept outside history is not in the payload store.',
    'Point clients and workers at one payload store: `store.folder` in custody.yaml, `--store` or CUSTODY_STORE.',
    404,
  ),
  PAYLOAD_CORRUPT: entry(
    'A value in the payload store is not the one that was kept.',
    'Put the file back from a backup, or delete it and make the call again under a new id.',
    500,
  ),
  STORE_UNAVAILABLE: entry(
    'The payload store cannot be read or written.',
    'Check that its folder exists or can be made, its permissions, and the space on its disk; `custody doctor` ' +
      'looks at it.',
    503,
    true,
  ),
};
