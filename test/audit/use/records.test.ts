import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { custody } from '../../cli/harness.ts';
import { onDisk, VKEY } from '../../support/evidence/onDisk.ts';
import { sealedSession } from '../../support/evidence/sealed.ts';

/** Without Temporal: at this address nobody listens. */
const audit = (...args: readonly string[]) => custody(['audit', ...args, '--address', '127.0.0.1:1']);

describe('A1: custody audit of a bundle', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await onDisk((await sealedSession('decided')).files);
  });

  test('prints its records in full, as the history has them, and those of one call', async () => {
    const { code, stdout, stderr } = await audit(folder, '--trust', VKEY, '--format', 'jsonl');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; call: string | null });
    expect(records[0]?.kind).toBe('started');
    const call = records.find(({ kind }) => kind === 'attempt')?.call ?? '';
    const { stdout: ofCall } = await audit(folder, '--trust', VKEY, '--call', call, '--format', 'jsonl');
    expect(ofCall.trim().split('\n')).toEqual(
      stdout
        .trim()
        .split('\n')
        .filter((_, index) => records[index]?.call === call),
    );
  });

  test('prints nothing without a key to verify it with, of one that is not sound, or that was erased', async () => {
    expect(await audit(folder)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--trust') });
    const erased = await onDisk((await sealedSession('decided')).files);
    await rm(join(erased, 'session.key'));
    expect(await audit(erased, '--trust', VKEY)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('EVIDENCE_ERASED'),
    });
    const changed = await onDisk((await sealedSession('decided')).files);
    await appendFile(join(changed, 'checkpoint'), 'x');
    expect(await audit(changed, '--trust', VKEY)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('BUNDLE_MALFORMED'),
    });
  });
});
