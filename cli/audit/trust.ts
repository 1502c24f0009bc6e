import type { Trust } from '../../audit/verify/bundle.ts';
import { nativeSha256 } from '../../audit/nativeSha256.ts';
import { KEY_BYTES } from '../../audit/seal/keys.ts';
import { parseVkey, type Verifier } from '../../audit/tlog/note/keys.ts';
import { fromBase64 } from '../../audit/tlog/note/text.ts';
import { hasherOver } from '../../audit/tlog/tree/hashing.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { readPlain } from './bundleFolder.ts';

/** Bytes of the largest file of keys. */
const MOST = 64 * 1024;

/** Whom somebody said to trust. */
export interface Given {
  /** Verifier keys, or files that have one on each line. */
  readonly trust: readonly string[];
  readonly witness?: readonly string[] | undefined;
  readonly least?: number | undefined;
  /** Files of root certificates of timestamping authorities, in PEM. */
  readonly tsaRoot?: readonly string[] | undefined;
  readonly origin?: string | undefined;
  /** File of the key of the session, in base64. */
  readonly sessionKey?: string | undefined;
}

/** @throws CustodyError USAGE, NOTE_KEY_INVALID, TIMESTAMP_UNTRUSTED */
export async function trustOf(given: Given): Promise<Trust> {
  const { trust, witness = [], least, origin, sessionKey, tsaRoot = [] } = given;
  const { recordsIn } = await import('../../audit/read/json.ts');
  const witnesses = await verifiersIn(witness);
  return {
    keys: await verifiersIn(trust),
    witnesses: { keys: witnesses, least: least ?? witnesses.length },
    ...(origin === undefined ? {} : { origin }),
    ...(sessionKey === undefined ? {} : { sessionKey: await sessionKeyIn(sessionKey) }),
    ...(tsaRoot.length === 0 ? {} : { timestamp: await timestampsBy(tsaRoot) }),
    recordsIn,
    sha256: nativeSha256,
    hasher: hasherOver(nativeSha256),
  };
}

async function timestampsBy(files: readonly string[]): Promise<NonNullable<Trust['timestamp']>> {
  const [{ verifyTimestamp }, { certificatesIn }] = await Promise.all([
    import('../../audit/witness/timestamp/verify.ts'),
    import('../../audit/witness/timestamp/certificates.ts'),
  ]);
  const roots = (await Promise.all(files.map((file) => fileAt(file)))).join('\n');
  // A wrong file is no fault of the bundle.
  certificatesIn(roots);
  return async (answer, text) => new Date((await verifyTimestamp(answer, text, { roots })).at);
}

/** Each verifier once: two of the same name and id would be in doubt. */
async function verifiersIn(given: readonly string[]): Promise<readonly Verifier[]> {
  const lines = await Promise.all(given.map(async (each) => (isVkey(each) ? [each] : linesOf(await fileAt(each)))));
  return [...new Set(lines.flat())].map((line) => parseVkey(line));
}

const isVkey = (text: string): boolean => /^[^\s+]+\+[0-9a-f]{8}\+\S+$/.test(text);

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

async function sessionKeyIn(path: string): Promise<Uint8Array> {
  const key = fromBase64((await fileAt(path)).trim());
  if (key?.length === KEY_BYTES) return key;
  throw new CustodyError('USAGE', `The key of a session is ${KEY_BYTES} bytes in base64, and ${path} has none.`);
}

async function fileAt(path: string): Promise<string> {
  const bytes = await readPlain(path, MOST).catch((error: unknown) => {
    throw new CustodyError('USAGE', (error as Error).message, { cause: error });
  });
  if (!bytes) throw new CustodyError('USAGE', `${path} is no verifier key (NAME+ID+BASE64), and no file is there.`);
  return new TextDecoder().decode(bytes);
}
