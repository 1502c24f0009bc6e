import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { serviceOf, versitygw } from '../../support/evidence/versitygw.ts';
import { verifiedIn } from '../../support/evidence/sealing.ts';
import { requireTool } from '../../support/time/requireTool.ts';
import { ordered, sealedBy, SESSION, type Worker } from './scene.ts';

const program = await requireTool('the tests of holds in a bucket', versitygw);

/** Of the session, in the bucket. */
const FOLDER = `default/sessions/${SESSION}/`;

describe.skipIf(program === undefined)('A6: in a bucket with object lock', () => {
  const service = serviceOf(program);

  /** A worker that has sealed into a bucket of its own. */
  async function sealedInBucket(more: object = {}): Promise<{ readonly worker: Worker; readonly Bucket: string }> {
    const Bucket = `evidence-${randomUUID()}`;
    await service().owner.createBucket({ Bucket, ObjectLockEnabledForBucket: true });
    const { url, region } = service().account;
    process.env['CUSTODY_TEST_ACCESS'] = service().account.accessKey;
    process.env['CUSTODY_TEST_SECRET'] = service().account.secretKey;
    const [accessKey, secretKey] = [{ fromEnv: 'CUSTODY_TEST_ACCESS' }, { fromEnv: 'CUSTODY_TEST_SECRET' }];
    const worker = await sealedBy({ archive: { s3: { url, region, bucket: Bucket, accessKey, secretKey } }, ...more });
    return { worker, Bucket };
  }

  /** The objects that are under a legal hold, by their paths in the bundle. */
  async function heldIn(Bucket: string): Promise<readonly string[]> {
    const { Contents = [] } = await service().owner.listObjectsV2({ Bucket });
    const held: string[] = [];
    for (const { Key = '' } of Contents) {
      const hold = await service()
        .owner.getObjectLegalHold({ Bucket, Key })
        .catch(() => undefined);
      if (hold?.LegalHold?.Status === 'ON') held.push(Key);
    }
    return held;
  }

  test('what is sealed of a session that is held cannot be deleted by the owner until it is released', async () => {
    const { worker, Bucket } = await sealedInBucket();
    expect(await heldIn(Bucket)).toEqual([]);
    await worker.obey(ordered('hold'));
    const { bundle } = await verifiedIn(worker.dir, SESSION);
    const held = await heldIn(Bucket);
    const sealed = [...bundle.files.keys()].filter((path) => path !== 'MANIFEST' && path !== 'checkpoint');
    expect(held.map((path) => path.replace(FOLDER, ''))).toEqual(sealed.sort());
    for (const Key of held) {
      const { VersionId } = await service().owner.headObject({ Bucket, Key });
      const deleted = service().owner.deleteObject({ Bucket, Key, VersionId });
      await expect(deleted).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    await worker.obey(ordered('release'));
    expect(await heldIn(Bucket)).toEqual([]);
    await worker.obey(ordered('erase'));
    const { isSound, counts } = await verifiedIn(worker.dir, SESSION);
    expect({ isSound, counts }).toEqual({ isSound: true, counts: { ERASED: 1, UNWITNESSED: 1 } });
  });

  test('nothing is erased before its retention is over, unless the order says so, on record', async () => {
    const { worker } = await sealedInBucket({ retention: '100y' });
    await expect(worker.obey(ordered('erase'))).rejects.toMatchObject({
      code: 'EVIDENCE_RETAINED',
      message: expect.stringMatching(/ is kept until 21\d\d-/),
    });
    expect(await (await worker.kept()).isErased()).toBe(false);
    await worker.obey(ordered('erase', { early: true }));
    const { isSound, findings } = await verifiedIn(worker.dir, SESSION);
    expect(isSound).toBe(true);
    expect(findings.find(({ code }) => code === 'ERASED')?.why).toContain('before its retention was over');
  });
});
