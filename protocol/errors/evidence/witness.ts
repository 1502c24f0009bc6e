import { entry } from '../entry.ts';

/** What is wrong with timestamps, and with who witnesses evidence from outside. */
export const WITNESS = {
  TIMESTAMP_MALFORMED: entry(
    'This is not the answer of a timestamping authority.',
    'Take the file again from where it was first written, or have a new timestamp made.',
    422,
  ),
  TIMESTAMP_REJECTED: entry(
    'The timestamping authority did not make a timestamp.',
    'Read its reason in the message. It must take SHA-256, and requests with a nonce.',
    422,
  ),
  TIMESTAMP_DIFFERS: entry(
    'The timestamp is of something else.',
    'Do not trust it: it says nothing on this text. Have another made, and find out where this one came from.',
    409,
  ),
  TIMESTAMP_UNTRUSTED: entry(
    'The timestamp is not signed by an authority that is trusted.',
    'Read in the message what is wrong with its signature or certificates; compare the root certificates that are ' +
      'trusted with those that the authority publishes.',
    403,
  ),
  WITNESS_UNAVAILABLE: entry(
    'A witness of evidence cannot be reached, or cannot answer just now.',
    'Nothing at once: it is asked again. Where it goes on, look at the network, or ask who runs the witness.',
    503,
    true,
  ),
  WITNESS_REFUSED: entry(
    'A witness of evidence refuses what it was asked for.',
    'Read its reason in the message. A witness that knows another tree has seen another log under the same name: ' +
      'find out which one is true before anything else.',
    422,
  ),
};
