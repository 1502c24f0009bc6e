import { S3 } from '@aws-sdk/client-s3';
import { partsOfPath, problemOfPath } from '../../protocol/evidence/path.ts';
import type { EvidenceStore, Keeping, StoreAbilities } from '../../protocol/evidence/store.ts';
import { answered, nameOf } from './answered.ts';
import { notLockable, sameOrConflict, tooLarge } from './told.ts';

/** A bucket, and who reads and writes it. */
export interface S3Account {
  /** Of the service; the bucket comes behind it, as a path. */
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  /** What every key begins with, without the `/` behind it; empty for none. */
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Milliseconds: to be connected, of silence, and of one operation with all its tries. */
const CONNECT = 10_000;
const SILENCE = 30_000;
const OPERATION = 5 * 60_000;

/**
 * Evidence in a bucket of an S3-compatible service. It locks in compliance mode, where the bucket was made with object
 * lock: no version of a locked object can be deleted, by anybody. The service must know conditional writes
 * (`If-None-Match: *`), which keep one immutable file from taking the place of another. Deleting without a version only
 * hides an object, and nothing here looks behind that: a bucket's list of versions shows it.
 *
 * What it asks for needs s3:GetObject, PutObject, ListBucket, GetBucketObjectLockConfiguration, GetObjectRetention,
 * PutObjectRetention and PutObjectLegalHold, and nothing that deletes.
 */
export class EvidenceBucket implements EvidenceStore {
  private readonly account: S3Account;
  private readonly s3: S3;
  private isLockable = false;

  constructor(account: S3Account) {
    this.account = account;
    this.s3 = new S3({
      endpoint: account.url,
      region: account.region,
      credentials: { accessKeyId: account.accessKey, secretAccessKey: account.secretKey },
      forcePathStyle: true,
      requestHandler: { connectionTimeout: CONNECT, socketTimeout: SILENCE },
    });
  }

  async can(): Promise<StoreAbilities> {
    const Bucket = this.account.bucket;
    const lock = await this.ask('its lock', (options) => this.s3.getObjectLockConfiguration({ Bucket }, options)).then(
      ({ ObjectLockConfiguration: found }) => found?.ObjectLockEnabled === 'Enabled',
      (error: unknown) => {
        if (nameOf(error) === 'ObjectLockConfigurationNotFoundError') return false;
        throw error;
      },
    );
    return { lock, hold: lock };
  }

  async put(path: string, bytes: Uint8Array, { kind, retainUntil }: Keeping): Promise<void> {
    const at = this.at(path);
    const until = retainUntil && wholeSeconds(retainUntil);
    if (until) await this.needLock();
    try {
      await this.ask(path, (options) =>
        this.s3.putObject(
          {
            ...at,
            Body: bytes,
            // Services refuse to lock what comes without a checksum.
            ChecksumAlgorithm: 'SHA256',
            ContentType: 'application/octet-stream',
            ...(kind === 'immutable' && { IfNoneMatch: '*' }),
            ...(until && { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until }),
          },
          options,
        ),
      );
    } catch (error) {
      if (nameOf(error) !== 'PreconditionFailed') throw error;
      await sameOrConflict(this, path, bytes);
      if (until) await this.keepLonger(path, until);
    }
  }

  async get(path: string, most: number): Promise<Uint8Array | undefined> {
    const at = this.at(path);
    return this.ask(path, async (options) => {
      const { Body } = await this.s3.getObject(at, options);
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of Body as AsyncIterable<Uint8Array>) {
        if ((size += chunk.length) > most) throw tooLarge(path, most);
        chunks.push(chunk);
      }
      return new Uint8Array(Buffer.concat(chunks, size));
    }).catch(ifAbsent(undefined));
  }

  async has(path: string): Promise<boolean> {
    const at = this.at(path);
    return this.ask(path, (options) => this.s3.headObject(at, options)).then(() => true, ifAbsent(false));
  }

  async *list(folder: string): AsyncIterable<string> {
    const base = this.account.prefix === '' ? '' : `${this.account.prefix}/`;
    const Prefix = folder === '' ? base : `${base}${partsOfPath(folder).join('/')}/`;
    let last = '';
    let isMore = true;
    while (isMore) {
      const page = await this.ask(`the list of ${folder || 'all'}`, (options) =>
        this.s3.listObjectsV2({ Bucket: this.account.bucket, Prefix, ...(last && { StartAfter: last }) }, options),
      );
      isMore = false;
      for (const { Key = '' } of page.Contents ?? []) {
        // A service that gives the same again would be asked without end.
        if (!isAfter(Key, last)) continue;
        [last, isMore] = [Key, page.IsTruncated === true];
        const path = Key.slice(base.length);
        if (Key.startsWith(Prefix) && problemOfPath(path) === undefined) yield path;
      }
    }
  }

  async hold(path: string, on: boolean): Promise<void> {
    const at = this.at(path);
    await this.needLock();
    const LegalHold = { Status: on ? 'ON' : 'OFF' } as const;
    await this.ask(path, (options) => this.s3.putObjectLegalHold({ ...at, LegalHold }, options));
  }

  /** A lock is only ever made longer; one that ends later stays. */
  private async keepLonger(path: string, until: Date): Promise<void> {
    const at = this.at(path);
    const held = await this.ask(path, (options) => this.s3.getObjectRetention(at, options)).then(
      ({ Retention }) => Retention?.RetainUntilDate,
      ifAbsent(undefined),
    );
    if (held && held >= until) return;
    const Retention = { Mode: 'COMPLIANCE', RetainUntilDate: until } as const;
    await this.ask(path, (options) => this.s3.putObjectRetention({ ...at, Retention }, options));
  }

  /** Asked before anything is written: there are services that write first and refuse the lock then. */
  private async needLock(): Promise<void> {
    if (this.isLockable) return;
    // A bucket that has object lock keeps it.
    this.isLockable = (await this.can()).lock;
    if (!this.isLockable) throw notLockable(`The bucket ${this.account.bucket}`);
  }

  private at(path: string): { readonly Bucket: string; readonly Key: string } {
    const { bucket, prefix } = this.account;
    return { Bucket: bucket, Key: [...(prefix === '' ? [] : [prefix]), ...partsOfPath(path)].join('/') };
  }

  private async ask<T>(what: string, run: (options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await run({ abortSignal: AbortSignal.timeout(OPERATION) });
    } catch (error) {
      throw answered(error, what, this.account.bucket);
    }
  }
}

/** In the order in which services list: by the bytes of UTF-8. */
const isAfter = (key: string, last: string): boolean => Buffer.compare(Buffer.from(key), Buffer.from(last)) > 0;

/** Services keep whole seconds: a part of one is rounded up, so that no lock is shorter than asked. */
const wholeSeconds = (date: Date): Date => new Date(Math.ceil(date.getTime() / 1000) * 1000);

/** The value to answer where the service has no such object; any other error is thrown. */
const ifAbsent =
  <T>(value: T) =>
  (error: unknown): T => {
    if (ABSENT.has(nameOf(error) ?? '')) return value;
    throw error;
  };

const ABSENT: ReadonlySet<string> = new Set(['NoSuchKey', 'NotFound', 'NoSuchObjectLockConfiguration']);
