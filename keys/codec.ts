import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import { CustodyError } from '../protocol/errors.ts';
import { UNREADABLE, type Unproven } from '../protocol/values/unproven.ts';
import { authenticated, isAuthenticated, type Whose, whoseIn } from './authenticate.ts';
import type { Keyring } from './keyring.ts';
import { bytesOf, ENCODING, isSealed, KEY, MAC, metadataOf, textOf, withMark, withoutMark } from './metadata.ts';
import { ownerIn, ownerOf } from './owner.ts';
import { opened, ownerOfSealed, sealed } from './seal.ts';

export interface WorkerCodecOptions {
  readonly keys: Keyring;
  /** What it writes is sealed, and not only authenticated. */
  readonly encrypts: boolean;
  /** Epoch milliseconds until which payloads without any authentication count; see `Unproven.until`. */
  readonly until?: number | undefined;
  /** Told once of each key that a payload names and that is not there. */
  readonly onMissing?: ((key: string) => void) | undefined;
}

/** A payload as one that holds it may read it, or why not. */
type Opening = { readonly payload: Payload } | { readonly why: string; readonly missing?: string };

/**
 * What a worker puts between Temporal and what it runs. It authenticates all that it writes, and marks what it reads
 * without the deployment's authentication for the place at hand. It never throws on what it reads: that would fail a
 * workflow task for ever. Without a key it writes as it is given, and can but refuse what is sealed.
 */
export function workerCodec({ keys, encrypts, until, onMissing }: WorkerCodecOptions): PayloadCodec {
  const { first } = keys;
  const told = new Set<string>();
  const problemOf = (payload: Payload, whose: Whose | undefined): Unproven | undefined => {
    if (first === undefined) return undefined;
    if (metadataOf(payload, MAC) === undefined)
      return {
        why: "it does not carry the deployment's authentication",
        ...(until === undefined || isSealed(payload) ? {} : { until }),
      };
    const id = textOf(payload, KEY) ?? '';
    const key = keys.get(id);
    if (key === undefined) return { why: missingKey(id), missing: id.slice(0, LONGEST) };
    if (whose && isAuthenticated(payload, key, whose)) return undefined;
    return { why: 'its authentication is not good for this workflow: it was copied, altered or forged' };
  };
  const tell = (missing: string | undefined): void => {
    if (missing === undefined || told.has(missing) || told.size >= MOST_TOLD) return;
    told.add(missing);
    onMissing?.(missing);
  };
  const decodeOne = (given: Payload, context: SerializationContext | undefined): Payload => {
    const payload = withoutMark(given);
    const opening = open(payload, keys, context);
    if (!('payload' in opening)) {
      tell(opening.missing);
      return withMark({ metadata: { [ENCODING]: bytesOf(UNREADABLE) }, data: bytesOf(opening.why) }, opening);
    }
    const problem = problemOf(payload, whoseIn(context));
    tell(problem?.missing);
    return problem ? withMark(opening.payload, problem) : opening.payload;
  };
  return {
    async encode(payloads, context) {
      if (first === undefined) return payloads;
      const { authentication } = first;
      const whose = whoseIn(context);
      return payloads.map((payload) => {
        const written = encrypts ? sealed(payload, first, ownerIn(context) ?? NOBODY) : payload;
        return whose && authentication ? authenticated(written, { ...first, authentication }, whose) : written;
      });
    },
    decode: async (payloads, context) => payloads.map((payload) => decodeOne(payload, context)),
  };
}

/**
 * What a client puts there: it seals what it sends where it has a key, and opens what is sealed.
 *
 * Its `decode` fails with KEY_MISSING, and with NOT_AUTHENTICATED for what was altered or is of another session.
 */
export const clientCodec = (keys: Keyring): PayloadCodec => ({
  async encode(payloads, context) {
    const { first } = keys;
    return first === undefined ? payloads : payloads.map((each) => sealed(each, first, ownerIn(context) ?? NOBODY));
  },
  async decode(payloads, context) {
    return payloads.map((payload) => {
      const opening = open(payload, keys, context);
      if ('payload' in opening) return opening.payload;
      throw new CustodyError(
        opening.missing === undefined ? 'NOT_AUTHENTICATED' : 'KEY_MISSING',
        `What Temporal has cannot be read: ${opening.why}.`,
      );
    });
  },
});

const LONGEST = 40;
/** Keys that a worker speaks of: anybody can make up more. */
const MOST_TOLD = 20;
/** The owner of what is sealed for nobody in particular. */
const NOBODY = ownerOf('');

const missingKey = (id: string): string =>
  `it was made under key '${id.slice(0, LONGEST).replace(/[^\w.-]/g, '?')}', which is not among the keys here`;

function open(payload: Payload, keys: Keyring, context: SerializationContext | undefined): Opening {
  if (!isSealed(payload)) return { payload };
  const id = textOf(payload, KEY) ?? '';
  const key = keys.get(id);
  if (key === undefined) return { why: missingKey(id), missing: id.slice(0, LONGEST) };
  const owner = ownerOfSealed(payload);
  const inside = owner && isOf(owner, context) ? opened(payload, key) : undefined;
  return inside ? { payload: inside } : { why: 'it was altered, or is not of this workflow' };
}

/** May it be read here? What names no workflow is of its namespace, or of nobody. */
function isOf(owner: Buffer, context: SerializationContext | undefined): boolean {
  const own = ownerIn(context);
  return !own || [own, ownerOf(context?.namespace ?? ''), NOBODY].some((each) => each.equals(owner));
}
