import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { openEvidence } from '../../../store/evidence/open.ts';
import { EvidenceBucket, type S3Account } from '../../../store/evidence/s3.ts';
import { serviceOf, versitygw } from '../../support/evidence/versitygw.ts';
import { requireTool } from '../../support/time/requireTool.ts';
import { claims, codeOf, pathsOf } from './claims.ts';

const program = await requireTool('the tests of evidence in a bucket', versitygw);

const IMMUTABLE = { kind: 'immutable' } as const;
const bytes = (text: string): Buffer => Buffer.from(text);
const inSeconds = (seconds: number): Date => new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000);

describe.skipIf(program === undefined)('A4: evidence in a bucket', () => {
  const service = serviceOf(program);

  const bucketOf = async (ObjectLockEnabledForBucket: boolean): Promise<S3Account> => {
    const bucket = `evidence-${randomUUID()}`;
    await service().owner.createBucket({ Bucket: bucket, ObjectLockEnabledForBucket });
    return { ...service().account, bucket, prefix: 'production/eu' };
  };

  test('the service that these tests use keeps what is locked from its owner: no deleting, no shortening', async () => {
    const { bucket: Bucket } = await bucketOf(true);
    const Key = 'locked';
    const ObjectLockRetainUntilDate = inSeconds(3600);
    const { owner } = service();
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate } as const;
    const { VersionId } = await owner.putObject({ Bucket, Key, Body: 'one', ChecksumAlgorithm: 'SHA256', ...lock });
    const refused = expect.objectContaining({ name: 'AccessDenied' });
    await expect(owner.deleteObject({ Bucket, Key, VersionId })).rejects.toEqual(refused);
    await expect(owner.deleteObject({ Bucket, Key, VersionId, BypassGovernanceRetention: true })).rejects.toEqual(
      refused,
    );
    const Retention = { Mode: 'COMPLIANCE', RetainUntilDate: inSeconds(60) } as const;
    await expect(owner.putObjectRetention({ Bucket, Key, VersionId, Retention })).rejects.toEqual(refused);
    await owner.putObject({ Bucket, Key, Body: 'two' });
    const first = await owner.getObject({ Bucket, Key, VersionId });
    expect(await first.Body?.transformToString()).toBe('one');
    const free = await owner.putObject({ Bucket, Key: 'free', Body: 'one' });
    await owner.deleteObject({ Bucket, Key: 'free', VersionId: free.VersionId });
  });

  claims('a bucket with object lock', async () => {
    const account = await bucketOf(true);
    return [new EvidenceBucket(account), await openEvidence({ s3: account })];
  });

  claims('a bucket without, and without a prefix', async () => {
    const account = { ...(await bucketOf(false)), prefix: '' };
    return [new EvidenceBucket(account), new EvidenceBucket(account)];
  });

  test('is locked until the time that it is put with, whoever wants it deleted', async () => {
    const account = await bucketOf(true);
    const [store, at] = [new EvidenceBucket(account), { Bucket: account.bucket, Key: 'production/eu/s/a' }];
    expect(await store.can()).toEqual({ lock: true, hold: true });
    const until = inSeconds(3600);
    await store.put('s/a', bytes('one'), { ...IMMUTABLE, retainUntil: new Date(until.getTime() - 1) });
    expect((await service().owner.getObjectRetention(at)).Retention).toEqual({
      Mode: 'COMPLIANCE',
      RetainUntilDate: until,
    });
    const { VersionId } = await service().owner.headObject(at);
    await expect(service().owner.deleteObject({ ...at, VersionId })).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await codeOf(store.put('s/a', bytes('two'), IMMUTABLE))).toBe('EVIDENCE_CONFLICT');
    expect(await store.get('s/a', 10)).toEqual(new Uint8Array(bytes('one')));
  });

  test('is locked longer, never shorter, when the same is put again', async () => {
    const account = await bucketOf(true);
    const [store, at] = [new EvidenceBucket(account), { Bucket: account.bucket, Key: 'production/eu/a' }];
    const until = async () => (await service().owner.getObjectRetention(at)).Retention?.RetainUntilDate;
    await store.put('a', bytes('one'), IMMUTABLE);
    const [soon, later] = [inSeconds(3600), inSeconds(7200)];
    for (const [retainUntil, expected] of [
      [soon, soon],
      [later, later],
      [soon, later],
    ] as const) {
      await store.put('a', bytes('one'), { ...IMMUTABLE, retainUntil });
      expect(await until()).toEqual(expected);
    }
  });

  test('of what is replaced each version is kept while it is locked', async () => {
    const account = await bucketOf(true);
    const store = new EvidenceBucket(account);
    const retainUntil = inSeconds(3600);
    for (const text of ['size 1', 'size 2'])
      await store.put('checkpoint', bytes(text), { kind: 'replaces', retainUntil });
    const { Versions = [] } = await service().owner.listObjectVersions({ Bucket: account.bucket });
    expect(Versions.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
      ['production/eu/checkpoint', true],
      ['production/eu/checkpoint', false],
    ]);
    for (const { Key, VersionId } of Versions)
      await expect(service().owner.deleteObject({ Bucket: account.bucket, Key, VersionId })).rejects.toMatchObject({
        name: 'AccessDenied',
      });
  });

  test('under a legal hold it cannot be deleted until the hold is lifted', async () => {
    const account = await bucketOf(true);
    const [store, at] = [new EvidenceBucket(account), { Bucket: account.bucket, Key: 'production/eu/a' }];
    await store.put('a', bytes('one'), IMMUTABLE);
    const { VersionId } = await service().owner.headObject(at);
    await store.hold('a', true);
    await expect(service().owner.deleteObject({ ...at, VersionId })).rejects.toMatchObject({ name: 'AccessDenied' });
    await store.hold('a', false);
    await service().owner.deleteObject({ ...at, VersionId });
    expect(await store.has('a')).toBe(false);
    expect(await codeOf(store.hold('a', true))).toBe('EVIDENCE_MISSING');
  });

  test('a bucket without object lock locks nothing, says so, and takes nothing that is to be locked', async () => {
    const store = new EvidenceBucket(await bucketOf(false));
    expect(await store.can()).toEqual({ lock: false, hold: false });
    await store.put('there', bytes('one'), IMMUTABLE);
    const retained = { ...IMMUTABLE, retainUntil: inSeconds(3600) };
    expect(await codeOf(store.put('new', bytes('one'), retained))).toBe('EVIDENCE_NOT_LOCKABLE');
    expect(await codeOf(store.put('there', bytes('one'), retained))).toBe('EVIDENCE_NOT_LOCKABLE');
    expect(await codeOf(store.hold('there', true))).toBe('EVIDENCE_NOT_LOCKABLE');
    expect(await pathsOf(store)).toEqual(['there']);
  });

  test('lists past a page of the service, and nothing beside its prefix', async () => {
    const account = await bucketOf(true);
    const store = new EvidenceBucket(account);
    const paths = Array.from({ length: 1100 }, (_, n) => `s/${String(n).padStart(5, '0')}`);
    for (let n = 0; n < paths.length; n += 50)
      await Promise.all(paths.slice(n, n + 50).map((path) => store.put(path, bytes(path), IMMUTABLE)));
    for (const Key of ['production/other', 'production/eu-2/a', 'production/eu/not evidence', 'a'])
      await service().owner.putObject({ Bucket: account.bucket, Key, Body: 'x' });
    expect(await pathsOf(store)).toEqual(paths);
  });

  test.each([
    ['another key', { secretKey: 'wrong' }, 'EVIDENCE_REFUSED'],
    ['no such bucket', { bucket: 'no-such-bucket' }, 'EVIDENCE_REFUSED'],
    ['another region', { region: 'eu-west-9' }, 'EVIDENCE_REFUSED'],
  ] as const)('is refused with %s', async (_, changed, code) => {
    const store = new EvidenceBucket({ ...(await bucketOf(true)), ...changed });
    expect(await codeOf(store.put('a', bytes('one'), IMMUTABLE))).toBe(code);
    expect(await codeOf(store.get('a', 10))).toBe(code);
    expect(await codeOf(pathsOf(store))).toBe(code);
    const error = await store.can().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, retryable: false });
    expect(String(error)).not.toContain(service().account.secretKey);
  });
});

describe('A4: a service of buckets that fails', () => {
  const account = { bucket: 'b', region: 'us-east-1', prefix: '', accessKey: 'a', secretKey: 's' };

  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test('may pass where nobody listens', async () => {
    const store = new EvidenceBucket({ ...account, url: `http://127.0.0.1:${await freePort()}` });
    await expect(store.put('a', bytes('x'), IMMUTABLE)).rejects.toMatchObject({
      code: 'EVIDENCE_UNAVAILABLE',
      retryable: true,
    });
  });

  test.each([
    [503, 'EVIDENCE_UNAVAILABLE'],
    [429, 'EVIDENCE_UNAVAILABLE'],
    [500, 'EVIDENCE_UNAVAILABLE'],
    [403, 'EVIDENCE_REFUSED'],
    [301, 'EVIDENCE_REFUSED'],
  ])('with %i is %s, and what it says is shown in short', async (status, code) => {
    const message = `no \u001b[31m${'long '.repeat(1000)}`;
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>Some</Code><Message>${message.replace('\u001b', '&#x1b;')}</Message></Error>`);
    });
    const store = new EvidenceBucket({ ...account, url });
    const error = (await store.put('a', bytes('x'), IMMUTABLE).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code });
    expect(error.message.length).toBeLessThan(300);
    expect(error.message).not.toContain('\u001b');
  });

  test('is not believed when it sends without end, or lists the same again and again', async () => {
    let lists = 0;
    const url = await serve((request, response) => {
      if (request.url?.includes('list-type')) {
        lists += 1;
        const contents = '<Contents><Key>s/a</Key></Contents><Contents><Key>../s</Key></Contents>';
        return response.end(`<ListBucketResult><IsTruncated>true</IsTruncated>${contents}</ListBucketResult>`);
      }
      const send = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', send);
      };
      return send();
    });
    const store = new EvidenceBucket({ ...account, url });
    expect(await codeOf(store.get('a', 1_000_000))).toBe('EVIDENCE_TOO_LARGE');
    expect([await pathsOf(store), lists]).toEqual([['s/a'], 2]);
  });
});
