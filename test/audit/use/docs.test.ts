import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FINDINGS } from '../../../audit/verify/findings.ts';
import { onDisk, scratch, VKEY } from '../../support/evidence/onDisk.ts';
import { type MemoryStore, sealedRecords } from '../../support/evidence/sealed.ts';
import { withoutGo } from '../bundlecheck/bundlecheck.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const docs = await readFile(join(root, 'docs/audit.md'), 'utf8');
const [, part = ''] = /^## Verify it yourself\n([\s\S]*?)^## /m.exec(docs) ?? [];
const sections = part.split(/^### /m).slice(1);

/** The commands of a section, one block after the other. */
const commandsOf = (title: string): string =>
  [...(sections.find((each) => each.startsWith(`${title}\n`)) ?? '').matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, commands]) => commands)
    .join('\n');

const sealed = (): Promise<MemoryStore> =>
  sealedRecords(
    'session-1',
    Array.from({ length: 9 }, () => ({ kind: 'notify', data: { text: 'hello' } })),
  );

/** A folder as the page says, and a `custody` to call. */
async function place(): Promise<string> {
  const folder = await scratch();
  await onDisk((await sealed()).files, join(folder, 'session-1'));
  await writeFile(join(folder, 'evidence.vkey'), `${VKEY}\n`);
  await symlink(root, join(folder, 'custody'));
  await mkdir(join(folder, 'bin'));
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/cli/custody.js')}' "$@"\n`;
  await writeFile(join(folder, 'bin', 'custody'), shim);
  await chmod(join(folder, 'bin', 'custody'), 0o755);
  return folder;
}

/** The exit code, and what was printed. */
const shell = (cwd: string, commands: string): Promise<readonly [code: number, said: string]> =>
  new Promise((resolve) => {
    const env = { ...process.env, PATH: `${join(cwd, 'bin')}:${process.env.PATH}` };
    execFile('bash', ['-euo', 'pipefail', '-c', commands], { cwd, env }, (error, stdout, stderr) =>
      resolve([error ? Number(error.code) : 0, stdout + stderr]),
    );
  });

describe('A4: the commands of docs/audit.md', () => {
  test.each(['With the command', 'In a browser', 'By hand'])('%s', async (title) => {
    expect(commandsOf(title)).not.toBe('');
    expect(await shell(await place(), commandsOf(title))).toEqual([0, expect.any(String)]);
  });

  test.skipIf(withoutGo !== undefined)('With a program that is not ours', async () => {
    const [code, said] = await shell(await place(), commandsOf('With a program that is not ours'));
    expect({ code, said }).toEqual({ code: 0, said: 'SOUND\n' });
  });

  test.each([
    ['a file is changed', 'printf x >> session-1/tile/0/000.p/9'],
    ['a file is added', 'touch session-1/more'],
    ['a link is added', 'ln -s /dev/zero session-1/more'],
    ['the list is changed', "sed -i '2s/^./0/' session-1/MANIFEST; sed -i '2s/^./1/' session-1/MANIFEST"],
    ['the checkpoint is changed', "sed -i '2s/.*/8/' session-1/checkpoint"],
  ])('by hand find that %s', async (_, change) => {
    const folder = await place();
    expect(await shell(folder, change)).toEqual([0, '']);
    const [code] = await shell(folder, commandsOf('By hand'));
    expect(code).not.toBe(0);
  });
});

test('A4: docs/audit.md has every finding, in the words of the command', () => {
  for (const [code, { what, severity }] of Object.entries(FINDINGS))
    expect(docs).toContain(`| \`${code}\` | ${severity === 'note' ? 'note: ' : ''}${what} |`);
});
