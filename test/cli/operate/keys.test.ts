import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Entry } from '../../../audit/entry.ts';
import { makeKey } from '../../../cli/keys/make.ts';
import type { SessionView } from '../../../protocol/view.ts';
import { custody, spec } from '../harness.ts';
import { openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    prepare: async (folder) => {
      const { publicKey } = await makeKey('ann', join(folder.path, 'ann.pem'));
      await folder.write('principals.yaml', {
        principals: { ann: { roles: ['operator'], keys: [{ key: publicKey }] } },
      });
      const config = JSON.parse(readFileSync(folder.config, 'utf8')) as object;
      await folder.write('custody.yaml', { ...config, identity: { principals: 'principals.yaml' } });
    },
  });
});
afterAll(() => stage?.end());

const at = (name: string): string => join(stage.folder.path, name);

describe('A5: custody keys new', () => {
  test('keeps the private key in a file of this user alone, shows it nowhere, and prints the lines', async () => {
    const { code, stdout, stderr } = await custody(['keys', 'new', '--name', 'zoe', '--out', at('zoe.pem')]);
    expect(code).toBe(0);
    const pem = readFileSync(at('zoe.pem'), 'utf8');
    expect(statSync(at('zoe.pem')).mode & 0o777).toBe(0o600);
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('ed25519');
    for (const line of pem.split('\n').filter((each) => each !== '' && !each.startsWith('-----')))
      expect(stdout + stderr).not.toContain(line);
    expect(parse(`principals:\n${stdout}`)).toEqual({
      principals: { zoe: { roles: ['operator'], keys: [{ key: expect.stringMatching(/^MCowBQYDK2VwAyEA.{44}$/) }] } },
    });
    expect(stderr).toContain(at('zoe.pem'));
    const again = await custody(['keys', 'new', '--name', 'zoe', '--out', at('zoe.pem')]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE: .* is there already/) });
    expect(readFileSync(at('zoe.pem'), 'utf8')).toBe(pem);
  });

  test.each([['Zoe'], ['zo\u0435'], ['custody'], ['../zoe'], ['']])('takes no name such as %j', async (name) => {
    const { code, stderr } = await custody(['keys', 'new', '--name', name, '--out', at('nobody.pem')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^USAGE: .* cannot be the name of a principal/);
  });
});

describe('A5: --key', () => {
  test('proves who gives a command, and show, watch and list say so', async () => {
    const path = await stage.folder.write('signed.json', spec());
    const key = ['--key', at('ann.pem')];
    expect(await stage.run('start', path, '--id', 'signed', '--reason', 'ticket 7', ...key)).toMatchObject({ code: 0 });
    await expect.poll(async () => (await stage.sdk.session('signed').describe()).state).toBe('RUNNING');
    expect((await stage.run('show', 'signed')).stdout).toMatch(
      /started +\S+Z by ann \(proven\): ticket 7\n[^]*proof +needed to recover, resume, [a-zA-Z, ]+ and review\n/,
    );
    const refused = await stage.run('extend', 'signed', '--by', '1h', '--reason', 'x');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^PROOF_MISSING: [^]*--key FILE/) });
    expect(await stage.run('extend', 'signed', '--by', '1h', '--reason', 'x', ...key)).toMatchObject({ code: 0 });
    const { stdout } = await stage.run('watch', 'signed', '--no-follow');
    expect(stdout).toMatch(/extended +by 1h .* by ann \(proven, key [0-9a-f]{32}\)\n/);
    expect(stdout).toMatch(/refused +extend: PROOF_MISSING: .* by ann \(claimed\)\n/);
    const entries = (await stage.run('watch', 'signed', '--no-follow', '--json')).stdout.trim().split('\n');
    const extended = entries.map((line) => JSON.parse(line) as Entry).find(({ kind }) => kind === 'extended');
    expect(extended).toMatchObject({ by: 'ann', standing: 'proven', proof: { person: 'ann' } });
    const view = await stage.json<SessionView>('show', 'signed');
    expect(view.startedBy).toMatchObject({ actor: 'ann', reason: 'ticket 7', standing: 'proven' });
    await expect
      .poll(async () => await stage.json('list'), { timeout: 10_000 })
      .toContainEqual(
        expect.objectContaining({ id: 'signed', startedBy: 'ann', standing: 'proven', reason: 'ticket 7' }),
      );
  });

  test('that cannot be used is refused by code, and nothing of its file is shown', async () => {
    const secret = await stage.folder.write('not-a-key.pem', 'hunter2 is my password');
    const { code, stderr } = await stage.run('pause', 'x', '--reason', 'y', '--key', secret);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^KEY_UNUSABLE: /);
    expect(stderr).not.toContain('hunter2');
    expect((await stage.run('pause', 'x', '--reason', 'y', '--key', at('nowhere.pem'))).stderr).toMatch(
      /^KEY_UNUSABLE: .*ENOENT/,
    );
  });
});
