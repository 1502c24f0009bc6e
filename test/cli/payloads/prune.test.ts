import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Custody } from '../../../client/custody.ts';
import { FolderStore } from '../../../store/folder.ts';
import { ValueFolder } from '../../../store/values.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { openStage, type Stage } from '../stage.ts';

let stage: Stage;
let dir: string;
let sdk: Custody;
beforeAll(async () => {
  stage = await openStage({
    async prepare(folder) {
      dir = join(folder.path, 'payloads');
      const config = JSON.parse(await readFile(folder.config, 'utf8')) as object;
      await folder.write('custody.yaml', { ...config, store: { folder: './payloads' } });
    },
  });
  sdk = await Custody.connect({
    address: temporalAddress(),
    namespace: stage.namespace,
    actor: 'ann',
    store: dir,
  });
});
afterAll(async () => {
  await sdk?.close();
  await stage?.end();
});

const there = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { sha256 } of new ValueFolder(dir).list()) found.push(sha256);
  return found.sort();
};

describe('A6: custody payloads prune', () => {
  test('deletes old values that no session has in its history, and no others', async () => {
    const id = await stage.start();
    const large = { text: 'x'.repeat(100_000) };
    await sdk.session(id).call('journal.append', large, { callId: 'one' });
    const store = new FolderStore(dir);
    const used = await store.put(large);
    const orphan = await store.put({ text: 'y'.repeat(100_000) });
    for (const sha256 of await there()) await utimes(join(dir, sha256.slice(0, 2), sha256), new Date(0), new Date(0));
    const young = await store.put({ text: 'z'.repeat(100_000) });
    const before = await there();
    const args = ['payloads', 'prune', '--store', dir];

    const said = await stage.json<object>(...args, '--dry-run');
    expect(said).toMatchObject({ folder: dir, deleted: 1, bytes: orphan.bytes, young: 1 });
    expect(await there()).toEqual(before);

    const { code, stdout, stderr } = await stage.run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Deleted 1 value of ${orphan.bytes} bytes in ${dir}`);
    expect(await there()).toEqual(before.filter((sha256) => sha256 !== orphan.sha256));
    expect(before).toEqual(expect.arrayContaining([used.sha256, young.sha256]));
  });

  test('takes no length of time that is none', async () => {
    const { code, stderr } = await stage.run('payloads', 'prune', '--older', '0s');
    expect(code).toBe(2);
    expect(stderr).toContain('Write a duration such as');
  });
});
