import { writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKPOINT, TIMESTAMP } from '../../../audit/seal/paths.ts';
import { parseNote } from '../../../audit/tlog/note/note.ts';
import { timestampRequest } from '../../../audit/witness/timestamp/request.ts';
import { verify } from '../../../audit/verify/verify.ts';
import { trustOf } from '../../../cli/audit/trust.ts';
import { makeAuthority, reply } from '../../support/evidence/authority.ts';
import { EC } from '../../support/evidence/certificates.ts';
import { scratch, VKEY } from '../../support/evidence/onDisk.ts';
import { originIn, relisted } from '../../support/evidence/resigned.ts';
import { MemoryStore, sealedSession } from '../../support/evidence/sealed.ts';

test('A4: --tsa-root says when an authority that is trusted saw the checkpoint, and believes no other', async () => {
  const folder = await scratch();
  const [{ root, authority }, other] = [await makeAuthority(folder, EC), await makeAuthority(await scratch(), EC)];
  const { files } = await sealedSession('undo');
  const origin = originIn(files);
  const text = new TextEncoder().encode(parseNote(files.get(CHECKPOINT)!).text);
  const request = timestampRequest(new Uint8Array(createHash('sha256').update(text).digest()), 1n);
  files.set(TIMESTAMP, await reply(folder, authority, request));
  await relisted(files, origin);
  const verified = async (tsaRoot: string) =>
    verify(new MemoryStore(files), await trustOf({ trust: [VKEY], tsaRoot: [tsaRoot] }));

  const { isSound, counts, witnessed } = await verified(root.certificate);
  expect({ isSound, counts }).toEqual({ isSound: true, counts: {} });
  expect(Math.abs(Date.parse(witnessed.at ?? '') - Date.now())).toBeLessThan(3_600_000);
  expect((await verified(other.root.certificate)).counts).toHaveProperty('TIMESTAMP_INVALID');
  await writeFile(join(folder, 'none.pem'), 'no certificates');
  await expect(trustOf({ trust: [VKEY], tsaRoot: [join(folder, 'none.pem')] })).rejects.toThrow('has 0 in PEM');

  files.delete(TIMESTAMP);
  await relisted(files, origin);
  expect((await verified(root.certificate)).counts).toEqual({ TIMESTAMP_ABSENT: 1, UNWITNESSED: 1 });
  expect((await verify(new MemoryStore(files), await trustOf({ trust: [VKEY] }))).isSound).toBe(true);
});
