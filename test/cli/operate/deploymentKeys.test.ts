import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheDir } from '../../../cli/temporal/cacheDir.ts';
import { findTemporal } from '../../../cli/temporal/find.ts';
import { parseKey } from '../../../keys/key.ts';
import { withInside } from '../../e2e/keys/inClear.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { custody, type Folder, inBackground, operatorFolder, spec } from '../harness.ts';

let folder: Folder;
beforeAll(async () => {
  folder = await operatorFolder();
});
afterAll(() => folder?.remove());

const inFolder = (name: string): string => join(folder.path, name);

describe('A6: custody keys', () => {
  test('writes a deployment key for its owner alone, never over a file, and derives its reading key', async () => {
    const [key, reading] = [inFolder('one.key'), inFolder('one.reading')];
    expect(await custody(['keys', 'deployment', '--out', key])).toMatchObject({ code: 0, stdout: '' });
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect(await custody(['keys', 'deployment', '--out', key])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('already exists'),
    });
    const said = JSON.parse((await custody(['keys', 'reading', '--from', key, '--out', reading, '--json'])).stdout);
    expect(said).toEqual({ kind: 'reading', id: parseKey(await readFile(key, 'utf8')).id, file: reading });
    expect(parseKey(await readFile(reading, 'utf8')).authentication).toBeUndefined();
  });

  test('prints one for an environment variable', async () => {
    const { stdout } = await custody(['keys', 'deployment']);
    expect(parseKey(stdout).authentication).toBeDefined();
  });

  test('a worker does not start with a key that is none, and does not repeat it', async () => {
    const config = await folder.write('broken.yaml', {
      ...JSON.parse(await readFile(folder.config, 'utf8')),
      deployment: { keys: [{ fromEnv: 'THE_KEY' }] },
    });
    const args = ['worker', '--config', config, '--address', temporalAddress()];
    const { code, stderr } = await custody(args, { env: { THE_KEY: 'custody-deployment-key.nonsense' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('KEY_INVALID') });
    expect(stderr).not.toContain('nonsense');
  });
});

test('A6: the Temporal CLI shows a session by way of the codec server, and that it did is on record', async () => {
  const temporal = await findTemporal({ env: process.env, cacheDir: cacheDir(), log: () => undefined });
  const [key, reading, record] = [inFolder('two.key'), inFolder('two.reading'), inFolder('readings.jsonl')];
  await custody(['keys', 'deployment', '--out', key]);
  await custody(['keys', 'reading', '--from', key, '--out', reading]);
  const base = JSON.parse(await readFile(folder.config, 'utf8')) as object;
  const config = await folder.write('encrypted.yaml', {
    ...base,
    deployment: { keys: [{ fromFile: './two.key' }], encryption: 'on' },
  });
  await folder.write('ann.token', 'token-of-ann-0123456789');
  const shown = await folder.write('codec.yaml', {
    ...base,
    deployment: { keys: [{ fromFile: './two.reading' }] },
    codecServer: { tokens: { ann: { fromFile: './ann.token' } } },
  });
  const address = temporalAddress();
  const where = ['--address', address, '--task-queue', 'custody-keys-cli'];
  const worker = await inBackground(['worker', '--config', config, '--name', 'keyed', ...where], {
    env: { CUSTODY_STATE_DIR: folder.state },
  });
  const server = await inBackground(['codec-server', '--config', shown, '--port', '0', '--record', record]);
  try {
    const options = { env: { CUSTODY_KEYS_FILE: reading } };
    const started = await custody(
      ['start', await folder.write('spec.json', spec()), '--id', 'keys-cli', '--reason', 'why-in-clear', ...where],
      options,
    );
    expect(started).toMatchObject({ code: 0 });
    expect(
      await custody(['call', 'keys-cli', 'journal.append', '--args', '{"text":"arg-in-clear"}', ...where], options),
    ).toMatchObject({ code: 0 });
    expect(await custody(['show', 'keys-cli', ...where])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('KEY_MISSING'),
    });
    expect((await custody(['watch', 'keys-cli', '--no-follow', ...where], options)).stdout).toContain('arg-in-clear');

    const show = (...more: string[]) =>
      promisify(execFile)(
        temporal,
        [
          'workflow',
          'show',
          '--workflow-id',
          'keys-cli',
          '--output',
          'json',
          '--address',
          address,
          '--namespace',
          'default',
          ...more,
        ],
        { maxBuffer: 64 * 1024 * 1024 },
      ).then(({ stdout }) => withInside(stdout));
    expect(await show()).not.toContain('in-clear');
    const codec = ['--codec-endpoint', String(server.said.address)];
    const open = await show(...codec, '--codec-auth', 'Bearer token-of-ann-0123456789');
    expect(open).toContain('arg-in-clear');
    expect(open).toContain('why-in-clear');
    const readings = (await readFile(record, 'utf8')).trim().split('\n');
    expect(JSON.parse(readings[0]!)).toMatchObject({ by: 'ann', what: 'decode', namespace: 'default' });
    await expect(show(...codec, '--codec-auth', 'Bearer of-somebody-else-0123')).rejects.toThrow();
  } finally {
    await custody(['cancel', 'keys-cli', '--reason', 'over', ...where], { env: { CUSTODY_KEYS_FILE: reading } });
    expect(await server.stop()).toBe(0);
    expect(await worker.stop()).toBe(0);
  }
});
