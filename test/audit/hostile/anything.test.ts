import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proofBytes } from '../../../audit/tlog/note/proofFile.ts';
import { bytesOf } from '../../../audit/tlog/note/text.ts';
import { verifyRecord } from '../../../audit/verify/proof.ts';
import { verify } from '../../../audit/verify/verify.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { openingPaths, originIn, relogged, resealed } from '../../support/evidence/resigned.ts';
import { MemoryStore, sealedSession, TRUST } from '../../support/evidence/sealed.ts';

const { files: sealed } = await sealedSession('undo');
const origin = originIn(sealed);
const checkpoint = sealed.get('checkpoint')!;
const anything = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.json().map(bytesOf),
  fc.jsonValue().map((value) => bytesOf(canonical(value as Json))),
);

test('A4: whatever stands where an entry, an opening or a history should, nothing is thrown', async () => {
  const histories = [...sealed.keys()].filter((path) => path.startsWith('private/histories/'));
  const places = [...openingPaths(sealed), ...histories, 'entry'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), anything, async (place, bytes) => {
      const files = new Map(sealed);
      if (place === 'entry') await relogged(files, origin, [bytes]);
      else await resealed(files, origin, place, () => bytes);
      expect((await verify(new MemoryStore(files), TRUST)).isSound).toBe(false);
    }),
    { numRuns: 150 },
  );
}, 600_000);

test('A4: no file is the proof of a record that is not one, and none is thrown over', async () => {
  const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 });
  const proofs = fc
    .record({ index: fc.maxSafeNat(), hashes, extra: anything })
    .map((proof) => proofBytes({ ...proof, checkpoint }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(anything, proofs), async (bytes) => {
      expect((await verifyRecord(bytes, TRUST)).isSound).toBe(false);
    }),
    { numRuns: 300 },
  );
});
