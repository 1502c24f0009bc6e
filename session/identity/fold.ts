import { SIGNATURE_AGE } from '../../protocol/identity/proof.ts';
import { commandKey } from '../lifecycle/fold.ts';
import type { Event } from '../events.ts';
import type { Identity, KeySignatures, Signature } from './state.ts';

/** Signatures that are kept of one key. */
export const SIGNATURES_KEPT = 64;

/** What is known of who is who, after an event. */
export function foldIdentity(identity: Identity, event: Event): Partial<Identity> | undefined {
  switch (event.type) {
    case 'opened': {
      const { principals, startedBy } = event;
      return {
        // What a session asks for is pinned as it opens, and never loosened.
        ...(principals === undefined ? {} : { principals }),
        ...(startedBy ? { startedBy, signedStart: null } : {}),
      };
    }
    case 'proven': {
      const { name, by, key, signedAt, isDone, at } = event;
      const command = commandKey(name, by.commandId);
      return { signatures: withSignature(identity.signatures, key, { at: signedAt, command, isDone }, at) };
    }
    default:
      return undefined;
  }
}

function withSignature(
  signatures: Identity['signatures'],
  key: string,
  signature: Signature,
  now: number,
): Identity['signatures'] {
  const mayCome = ({ at }: Signature): boolean => at >= now - SIGNATURE_AGE;
  const others = Object.entries(signatures)
    .filter(([each]) => each !== key)
    .map(([each, { upTo, kept }]) => [each, { upTo, kept: kept.filter(mayCome) }] as const)
    .filter(([, { upTo, kept }]) => kept.length > 0 || upTo >= now - SIGNATURE_AGE);
  const known = Object.hasOwn(signatures, key) ? signatures[key] : undefined;
  const isOther = ({ at, command }: Signature): boolean => at !== signature.at || command !== signature.command;
  const kept = (known?.kept ?? []).filter(mayCome).filter(isOther);
  return { ...Object.fromEntries(others), [key]: shortened([...kept, signature], known?.upTo ?? 0) };
}

/** What gives way is not taken again. */
function shortened(all: readonly Signature[], upTo: number): KeySignatures {
  const kept = all.toSorted((a, b) => a.at - b.at);
  const gone = kept.splice(0, Math.max(0, kept.length - SIGNATURES_KEPT));
  return { upTo: Math.max(upTo, ...gone.map(({ at }) => at)), kept };
}
