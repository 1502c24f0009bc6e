import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonical, digestOf } from '../../../protocol/values/digest.ts';
import { custody } from '../../cli/harness.ts';
import { onDisk, VKEY } from '../../support/evidence/onDisk.ts';
import { sealedRecords, sealedSession } from '../../support/evidence/sealed.ts';

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

  test('shows the values that it has, from itself alone, and names one that it has not', async () => {
    const value = { text: 'kept' };
    const ref = { sha256: digestOf(value), bytes: canonical(value).length, preview: '' };
    const gone = { ...ref, sha256: digestOf('gone') };
    const values = new Map([[ref.sha256, new TextEncoder().encode(canonical(value))]]);
    const said = [{ kind: 'notify', data: { text: 'both', ref, gone } }];
    const { files } = await sealedRecords('session-1', said, { values });
    const { code, stdout, stderr } = await audit(await onDisk(files), '--trust', VKEY, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      values: { [ref.sha256]: { value }, [gone.sha256]: { code: 'PAYLOAD_MISSING', message: expect.anything() } },
    });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/^1 value not shown/) });
  });

  test('does not show what is longer than it says, though its hash is right', async () => {
    const value = { text: 'kept' };
    const ref = { sha256: digestOf(value), bytes: 5, preview: '' };
    const values = new Map([[ref.sha256, new TextEncoder().encode(canonical(value))]]);
    const { files } = await sealedRecords('session-1', [{ kind: 'notify', data: { text: '', ref } }], { values });
    const { code, stdout } = await audit(await onDisk(files), '--trust', VKEY);
    expect(code).toBe(1);
    expect(stdout).toContain(`PAYLOAD_CORRUPT: private/values/${ref.sha256} is not the value`);
    expect(stdout).not.toContain('kept');
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

describe('A3: custody audit check of a bundle', () => {
  test('checks the raw histories that it has, once it is verified', async () => {
    const folder = await onDisk((await sealedSession('decided')).files);
    const { code, stdout, stderr } = await audit('check', folder, '--trust', VKEY, '--no-replay', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; counted: object; findings: object[] }[] };
    expect(checks.find(({ name }) => name === 'decisions')).toMatchObject({ counted: { decided: 4 }, findings: [] });
    expect(await audit('check', folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('--trust') });
    await appendFile(join(folder, 'checkpoint'), 'x');
    expect(await audit('check', folder, '--trust', VKEY)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('BUNDLE_MALFORMED'),
    });
  });

  test('says where it has none: the session goes on', async () => {
    const { files } = await sealedRecords('session-1', [{ kind: 'notify', data: { text: 'one' } }]);
    expect(await audit('check', await onDisk(files), '--trust', VKEY)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^EVIDENCE_MISSING: .* no run was over when it was sealed/),
    });
  });
});
