import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Due } from '../../../cli/audit/due.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { custody, type Ended, type Folder } from '../harness.ts';
import { openStage, type Stage } from '../stage.ts';

const ROLES = { ann: 'operator', eve: 'auditor' };

let stage: Stage;
let config: string;
let vkey: string;
beforeAll(async () => {
  stage = await openStage({ prepare });
  config = stage.folder.config;
});
afterAll(() => stage?.end());

/** A key for each of them, their list, and a key that signs, all made with the command. */
async function prepare(folder: Folder): Promise<void> {
  const principals: { [name: string]: object } = {};
  for (const [name, role] of Object.entries(ROLES)) {
    const { publicKey } = await made('new', name, join(folder.path, `${name}.pem`));
    principals[name] = { roles: [role], keys: [{ key: publicKey }] };
  }
  await folder.write('principals.yaml', { principals });
  ({ key: vkey } = await made('evidence', 'custody.test/cli', join(folder.path, 'evidence.key')));
  const config = JSON.parse(await readFile(folder.config, 'utf8')) as object;
  await folder.write('custody.yaml', {
    ...config,
    identity: { principals: 'principals.yaml' },
    evidence: { archive: { folder: './archive' }, sign: { fromFile: './evidence.key' }, keys: './keys' },
  });
}

const made = async (kind: string, name: string, out: string): Promise<{ publicKey: string; key: string }> =>
  JSON.parse((await custody(['keys', kind, '--name', name, '--out', out, '--json'])).stdout);

/** Runs `custody audit` as somebody, with the key of somebody. */
const by = (who: string, key: string | undefined, ...args: readonly string[]): Promise<Ended> => {
  const where = ['--address', temporalAddress(), '--namespace', stage.namespace, '--actor', who];
  const proof = key === undefined ? [] : ['--key', join(stage.folder.path, `${key}.pem`)];
  return custody(['audit', ...args, ...where, ...proof]);
};

async function ended(): Promise<string> {
  const id = await stage.start();
  await stage.sdk.session(id).call('journal.append', { text: 'secret' }, { callId: 'one' });
  await stage.sdk.session(id).complete();
  await stage.sdk.session(id).wait();
  return id;
}

const due = async (id: string): Promise<Due | undefined> =>
  (await stage.json<readonly Due[]>('audit', 'due', '--config', config)).find(({ session }) => session === id);

const bundleOf = async (id: string): Promise<string> => {
  const out = await mkdtemp(join(stage.folder.path, 'bundle-'));
  const { code, stderr } = await stage.run('audit', 'seal', id, '-o', out, '--config', config);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return out;
};

describe('A6: custody audit', () => {
  test('hold keeps a session from erasure ; erase erases it, and who and why is verified', async () => {
    const id = await ended();
    const held = await by('eve', 'eve', 'hold', id, '--reason', 'case 4711');
    expect(held).toMatchObject({ code: 0, stderr: '' });
    expect(held.stdout).toMatch(new RegExp(`^${id} is held back from erasure \\(record \\d+\\)\\.\\n$`));
    expect(await due(id)).toMatchObject({ hold: { by: 'eve', reason: 'case 4711' }, isErased: false });

    const refused = await by('ann', 'ann', 'erase', id, '--reason', 'request 117');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('EVIDENCE_HELD: "eve" holds the session');
    expect(refused.stderr).toContain('"case 4711"');

    const released = await by('eve', 'eve', 'hold', id, '--release', '--reason', 'closed');
    expect(released).toMatchObject({ code: 0, stdout: expect.stringContaining('is released') });
    const erased = await by('ann', 'ann', 'erase', id, '--reason', 'request 117');
    expect(erased).toMatchObject({ code: 0, stderr: '' });
    expect(erased.stdout).toContain(`The contents of ${id} are erased`);
    expect(await due(id)).toMatchObject({ hold: null, isErased: true });

    const verified = await stage.run('verify', await bundleOf(id), '--trust', vkey);
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stdout).toContain('ERASED');
    expect(verified.stdout).toContain('"request 117"');
  });

  test.each([
    ['a name that is only claimed', 'ann', undefined, 'PROOF_MISSING'],
    ['somebody of another role', 'eve', 'eve', 'ROLE_MISSING'],
    ['the key of another', 'ann', 'eve', 'ACTOR_MISMATCH'],
  ] as const)('erase refuses %s, and the session stays as it was', async (_, who, key, code) => {
    const id = await ended();
    const refused = await by(who, key, 'erase', id, '--reason', 'x');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`${code}: `) });
    expect(refused.stderr).not.toContain('    at ');
    const { stdout } = await stage.run('verify', await bundleOf(id), '--trust', vkey);
    expect(stdout).not.toContain('ERASED');
  });

  test('erase knows no session that nobody has, and asks for a reason', async () => {
    const nobody = await by('ann', 'ann', 'erase', 'nobody', '--reason', 'x');
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('EVIDENCE_MISSING: ') });
    expect(await by('ann', 'ann', 'erase', 'nobody')).toMatchObject({ code: 2 });
  });
});
