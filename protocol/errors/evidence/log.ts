import { entry } from '../entry.ts';

/** What is wrong with the files of a transparency log: tiles, entries, notes and their keys. */
export const LOG = {
  LOG_MALFORMED: entry(
    'A file of a log does not have the form that it must have.',
    'Take the file again from where it was first written. What cannot be read proves nothing.',
    422,
  ),
  LOG_INCOMPLETE: entry(
    'A file of a log is not there.',
    'Take all files of the log again from where they were written, with those in its folder `tile`.',
    404,
  ),
  LOG_CONTRADICTS: entry(
    'The files of a log contradict each other, or the root that is signed.',
    'Trust neither: find out who could write to where they are kept, and compare them with a copy kept elsewhere.',
    409,
  ),
  ENTRY_TOO_LARGE: entry(
    'An entry is larger than a log can hold.',
    'Keep what is large as a file beside the log, and its hash in the entry.',
    413,
  ),
  NOTE_MALFORMED: entry(
    'A signed note, or the text in it, does not have the form that it must have.',
    'Take the file again from where it was first written. What cannot be read proves nothing.',
    422,
  ),
  NOTE_UNSIGNED: entry(
    'No key that is trusted has signed the note.',
    'Get the verifier key of its signer from its owner, over another way than the note came, and give that.',
    403,
  ),
  NOTE_SIGNATURE_INVALID: entry(
    'A signature under a key that is trusted does not fit the text.',
    'Do not trust the text: it was altered after it was signed, or somebody else signed it in that name.',
    403,
  ),
  NOTE_KEY_INVALID: entry(
    'A key for signed notes cannot be used.',
    'Take the whole line as it was made: NAME+ID+BASE64 to verify, PRIVATE+KEY+NAME+ID+BASE64 to sign.',
    400,
  ),
  ED25519_UNAVAILABLE: entry(
    'Signatures cannot be verified or made here, as there is no Ed25519.',
    'Use Node.js from 20 on, or a browser with Ed25519 in WebCrypto (Chrome from 137, Firefox from 129, Safari from ' +
      '17 on) and a page that was opened over HTTPS or from a file.',
    501,
  ),
};
