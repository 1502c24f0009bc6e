import { entry } from '../entry.ts';

/** What is said to actors who are not who they say, or cannot show it. */
export const IDENTITY = {
  PROOF_MISSING: entry(
    'This needs an actor who proves who it is.',
    'Sign it: name your key with --key FILE, CUSTODY_KEY or `key` in the SDK, and yourself with --actor. ' +
      '`custody keys new` makes a key for the list of principals.',
    401,
  ),
  PROOF_INVALID: entry(
    'The signature is not one of this key over this command.',
    'Sign the command itself, for this session, in this namespace and under this command id, with the key that you ' +
      'name. If you did not send it, somebody else did, in your name.',
    403,
  ),
  PROOF_EXPIRED: entry(
    'The signature was made too long ago, or in the future.',
    'Give the command again, so that it is signed anew; where that does not help, set the clock of your machine.',
    403,
  ),
  PROOF_REPLAYED: entry(
    'The signature was used before, and the command was refused then.',
    'Give the command again under a new command id, if you still want it. If you did not send it, somebody sent ' +
      'yours again.',
    409,
  ),
  PROOF_UNCHECKED: entry(
    'No worker could check the signature.',
    'Give the command again. Where it goes on, give every worker a custody.yaml that names the list of principals ' +
      'under `identity`.',
    503,
    true,
  ),
  KEY_UNKNOWN: entry(
    'The list of principals has no such key.',
    'Put the lines that `custody keys new` printed into the list of principals that the workers read.',
    403,
  ),
  KEY_REVOKED: entry(
    'The key was revoked.',
    'Make another with `custody keys new` and have its lines put into the list of principals.',
    403,
  ),
  KEY_EXPIRED: entry(
    'The key is not valid at this time.',
    'Use a key whose `from` and `until` in the list of principals fit, or make another with `custody keys new`.',
    403,
  ),
  ACTOR_MISMATCH: entry(
    'The key belongs to another principal than the command names as its actor.',
    'Name yourself as the list of principals does, with --actor, CUSTODY_ACTOR or `actor` in the SDK.',
    403,
  ),
  ROLE_MISSING: entry(
    'None of the roles of this principal may do this.',
    'Ask somebody who may, or have the role added in the list of principals. docs/identity.md has the table.',
    403,
  ),
  PRINCIPALS_INVALID: entry(
    'The list of principals cannot be used.',
    'Mend the lines that the message lists; no proof is taken until then.',
    503,
  ),
  KEY_UNUSABLE: entry(
    'The file of the key cannot be used.',
    'Name a file that `custody keys new` made: an Ed25519 private key as PKCS#8 PEM.',
    400,
  ),
};
