import { bytesToHex } from '@noble/hashes/utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import { nativeSha256 } from '../../audit/nativeSha256.ts';
import type { Values } from '../../audit/read/values.ts';
import type { SessionKeys } from '../../audit/seal/keys.ts';
import { valuePath } from '../../audit/seal/paths.ts';
import { type Bundle, MOST } from '../../audit/verify/bundle.ts';
import { canonicalIn } from '../../audit/verify/json.ts';

/**
 * The values of a bundle, as a payload store has them.
 * @param keys undefined: its contents are withheld
 */
export const valuesIn = (bundle: Bundle, keys: SessionKeys | undefined): Values => ({
  async get(ref): Promise<Json> {
    const path = valuePath(ref.sha256);
    const sealed = keys && (await bundle.get(path, MOST.file));
    if (!sealed) throw new CustodyError('PAYLOAD_MISSING', `${path} is not in the bundle.`);
    const bytes = await keys.open(path, sealed);
    const value = bytes && isOf(ref, bytes) ? canonicalIn(bytes) : undefined;
    if (value !== undefined) return value;
    throw new CustodyError('PAYLOAD_CORRUPT', `${path} is not the value that the record was sealed with.`);
  },
});

const isOf = ({ bytes, sha256 }: Ref, content: Uint8Array): boolean =>
  content.length === bytes && bytesToHex(nativeSha256(content)) === sha256;
