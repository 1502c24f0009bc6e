import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { timestampRequest } from '../../../audit/witness/timestamp/request.ts';
import { verifyTimestamp } from '../../../audit/witness/timestamp/verify.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { type Authority, makeAuthority, reply } from '../../support/evidence/authority.ts';
import { EC, type Identity, pemOf } from '../../support/evidence/certificates.ts';

export const TEXT = new TextEncoder().encode(
  'custody/demo/session-1\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
);
export const NONCE = 0x7fff_0000_1234_5678n;
export const hash = (text: Uint8Array): Uint8Array => createHash('sha256').update(text).digest();

/** `verified`, or the error with its code. */
export const whyNot = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'verified',
    (error: unknown) =>
      error instanceof CustodyError ? `${error.code}: ${error.message}` : `unexpected ${String(error)}`,
  );

export const rootsOf = async (identity: Identity): Promise<{ roots: string }> => ({ roots: await pemOf(identity) });

/** An authority for the tests of the file that calls this, and its answer over TEXT. */
export class TimestampScene {
  dir = '';
  root!: Identity;
  authority!: Authority;
  genuine!: Uint8Array;
  roots = '';

  constructor() {
    beforeAll(async () => {
      this.dir = await mkdtemp(join(tmpdir(), 'custody-tsa-'));
      ({ root: this.root, authority: this.authority } = await makeAuthority(this.dir, EC));
      this.roots = await pemOf(this.root);
      this.genuine = await reply(this.dir, this.authority, timestampRequest(hash(TEXT), NONCE));
    });
    afterAll(() => rm(this.dir, { recursive: true, force: true }));
  }

  verdict(response: Uint8Array, text = TEXT, expected = {}): Promise<string> {
    return whyNot(verifyTimestamp(response, text, { roots: this.roots, ...expected }));
  }
}
