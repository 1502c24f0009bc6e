import { entry } from './entry.ts';

/** What is wrong with keys, and with what should carry a deployment's authentication. */
export const KEYS = {
  NOT_AUTHENTICATED: entry(
    "It does not carry the deployment's authentication for this session, so no worker acts on it.",
    'Find out who made it: somebody who reaches the namespace and is not a worker of this deployment, or a worker ' +
      'with other keys. Workers of one deployment need the same `deployment.keys`.',
    403,
  ),
  KEY_MISSING: entry(
    'A payload was made under a key that is not here.',
    'Give this process the key: clients by CUSTODY_KEYS or CUSTODY_KEYS_FILE, workers under `deployment.keys` in ' +
      'custody.yaml.',
    403,
  ),
  KEY_INVALID: entry(
    'A key cannot be used.',
    'Take the whole line that `custody keys deployment` or `custody keys reading` wrote.',
    400,
  ),
};
