import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { CustodyError } from '../protocol/errors.ts';

/**
 * A key as a process has it. From a deployment key come both halves; from a reading key, which is derived from it, only
 * the one that opens and seals: who has that can read sessions, and cannot make a worker act.
 */
export interface Key {
  /** Twelve hex digits, the same for a deployment key and its reading key. No secret. */
  readonly id: string;
  /** Opens and seals payloads: 32 bytes. */
  readonly sealing: Buffer;
  /** Authenticates what workers make: 32 bytes. */
  readonly authentication?: Buffer;
}

const BYTES = 32;
const FORM = /^custody-(deployment|reading)-key\.([0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

/** A new deployment key, as a line of text. */
export function newDeploymentKey(): string {
  const secret = randomBytes(BYTES);
  return textOf('deployment', sealingOf(secret), secret);
}

/** The reading key of a deployment key, as a line of text. @throws CustodyError KEY_INVALID */
export function readingKeyOf(deploymentKey: string): string {
  const { sealing } = parseKey(deploymentKey);
  return textOf('reading', sealing, sealing);
}

/**
 * A deployment key or a reading key from its text.
 * @throws CustodyError KEY_INVALID, which never repeats the text
 */
export function parseKey(text: string): Key {
  const [, kind, id, encoded = ''] = FORM.exec(text.trim()) ?? [];
  const secret = Buffer.from(encoded, 'base64url');
  if (kind === undefined || secret.length !== BYTES) throw invalid('it is not of that form');
  const sealing = kind === 'deployment' ? sealingOf(secret) : secret;
  if (idOf(sealing) !== id) throw invalid('its id does not belong to it, so a character of it was lost or changed');
  return kind === 'deployment' ? { id, sealing, authentication: derived(secret, 'authentication') } : { id, sealing };
}

const invalid = (why: string): CustodyError =>
  new CustodyError('KEY_INVALID', `A key of \`custody keys\` is needed, and ${why}.`);

const textOf = (kind: 'deployment' | 'reading', sealing: Buffer, secret: Buffer): string =>
  `custody-${kind}-key.${idOf(sealing)}.${secret.toString('base64url')}`;

const sealingOf = (secret: Buffer): Buffer => derived(secret, 'sealing');
const idOf = (sealing: Buffer): string =>
  createHash('sha256').update('custody key id 1\0').update(sealing).digest('hex').slice(0, 12);

/** 32 bytes that are good for one purpose alone (HKDF-SHA256, RFC 5869). */
export const derived = (secret: Buffer, purpose: string, salt: Buffer | string = ''): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, `custody ${purpose} 1`, BYTES));
