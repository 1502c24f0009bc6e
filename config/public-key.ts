import { createHash } from 'node:crypto';

/** What every Ed25519 public key begins with as SubjectPublicKeyInfo, in base64 and in bytes. */
const PREFIX = 'MCowBQYDK2VwAyEA';
const PREFIX_BYTES = 12;

/** Id of a public key: the first half of the SHA-256 of its 32 bytes, in hex. @param key as `problemOfKey` takes it */
export const keyIdOf = (key: string): string => createHash('sha256').update(bytesOf(key)).digest('hex').slice(0, 32);

const bytesOf = (key: string): Buffer => Buffer.from(key, 'base64').subarray(PREFIX_BYTES);

/** Keys under which anybody can sign: points of small order, by their bytes in hex without the sign. */
const WEAK: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** What is wrong with a public key as a file has it. */
export function problemOfKey(key: string): string | undefined {
  const isWritten = /^[A-Za-z0-9+/]{59}=$/.test(key) && key.startsWith(PREFIX);
  if (!isWritten || Buffer.from(key, 'base64').toString('base64') !== key)
    return (
      'must be an Ed25519 public key in base64, 60 characters that begin with MCowBQYDK2VwAyEA; `custody keys new` ' +
      'prints it, and `openssl pkey -pubout` between its lines of dashes'
    );
  const bytes = Buffer.from(bytesOf(key));
  bytes[31]! &= 0x7f;
  return WEAK.has(bytes.toString('hex')) ? 'is a key under which anybody can sign; make another' : undefined;
}
