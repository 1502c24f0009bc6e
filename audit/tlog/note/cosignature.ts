import { concatBytes } from '@noble/hashes/utils.js';
import { SIGNATURE_BYTES } from './ed25519.ts';
import { bytesOf } from './text.ts';

/** The signature of a witness: Ed25519 over the text and a time (c2sp.org/tlog-cosignature). */
export interface TimedSignature {
  /** Seconds since 1970, up to 2^53 - 1. */
  readonly time: number;
  readonly signature: Uint8Array<ArrayBuffer>;
}

const TIME_BYTES = 8;

/** What is signed for a text at a time. */
export const cosignedMessage = (text: string, time: number): Uint8Array<ArrayBuffer> =>
  bytesOf(`cosignature/v1\ntime ${time}\n${text}`);

/** The bytes of a cosignature as a note carries them. */
export function timedBytes({ time, signature }: TimedSignature): Uint8Array<ArrayBuffer> {
  const clock = new DataView(new ArrayBuffer(TIME_BYTES));
  clock.setBigUint64(0, BigInt(time));
  return concatBytes(new Uint8Array(clock.buffer), signature);
}

/** The parts of a cosignature; undefined where the bytes are none, or its time is out of range. */
export function timedIn(bytes: Uint8Array): TimedSignature | undefined {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(time)
    ? { time, signature: bytes.slice(TIME_BYTES) as Uint8Array<ArrayBuffer> }
    : undefined;
}
