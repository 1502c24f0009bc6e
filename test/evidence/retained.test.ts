import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MANIFEST } from '../../audit/seal/paths.ts';
import { EVIDENCE, signingKey, verified } from '../support/evidence/sealing.ts';
import { startService, versitygw } from '../support/evidence/versitygw.ts';
import { Harness } from '../support/harness.ts';
import { requireTool } from '../support/time/requireTool.ts';

const program = await requireTool('the test of sealing into a bucket', versitygw);
const DAY = 24 * 3_600_000;

test.skipIf(program === undefined)(
  'A4: all that is sealed into a bucket is locked for as long as custody.yaml says, and the log goes on over it',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'custody-retained-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const { account, owner, stop } = await startService(program!, dir);
    onTestFinished(stop);
    const Bucket = 'retained';
    await owner.createBucket({ Bucket, ObjectLockEnabledForBucket: true });
    const { url, region, accessKey, secretKey } = account;
    const keys = { accessKey: { fromFile: './access' }, secretKey: { fromFile: './secret' } };
    const archive = { s3: { url, region, bucket: Bucket, prefix: 'sealed', ...keys } };
    const { skey } = await signingKey();
    const harness = await Harness.start({
      config: { evidence: { ...EVIDENCE, archive, retention: '30d' } },
      files: { 'evidence.key': skey, access: accessKey, secret: secretKey },
    });
    onTestFinished(() => harness.stop());
    const started = Date.now();
    const id = await harness.running();
    for (const callId of ['one', 'two']) {
      await harness.custody.session(id).call('journal.append', { text: callId }, { callId });
      expect(await harness.custody.evidence.seal(id)).not.toHaveProperty('failing');
      expect(await verified(harness, id)).toMatchObject({ isSound: true });
    }
    const { Versions = [] } = await owner.listObjectVersions({ Bucket, Prefix: `sealed/default/sessions/${id}/` });
    expect(Versions.filter(({ Key }) => Key?.endsWith(`/${MANIFEST}`)).length).toBeGreaterThan(1);
    for (const { Key, VersionId } of Versions) {
      const { Retention } = await owner.getObjectRetention({ Bucket, Key, VersionId });
      expect(Retention?.Mode, Key).toBe('COMPLIANCE');
      const until = Retention?.RetainUntilDate?.getTime() ?? 0;
      expect(until, Key).toBeGreaterThanOrEqual(started + 30 * DAY);
      expect(until, Key).toBeLessThan(Date.now() + 30 * DAY + 2000);
      await expect(owner.deleteObject({ Bucket, Key, VersionId })).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    await harness.custody.session(id).cancel({ reason: 'enough' });
  },
);
