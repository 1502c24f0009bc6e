import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { openStage, type Stage } from '../stage.ts';

const BINARY = fileURLToPath(new URL('../../../dist/cli/custody.js', import.meta.url));
/** Gives a command a terminal. */
const SCRIPT = '/usr/bin/script';
const RULES = `
@id("looked-at") @approval
forbid(principal, action in [Action::"journal.append", Action::"journal.upsert"], resource);
`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    prepare: async ({ write, config }) => {
      await write('rules.cedar', RULES);
      const { tools, ...given } = JSON.parse(await readFile(config, 'utf8')) as { readonly tools: object };
      const undo = (before: object) => ({
        effect: 'compensable',
        undo: { before, restore: { tool: 'upsert', args: { key: '${args.key}', value: '${before.content.0.text}' } } },
      });
      await write('custody.yaml', {
        ...given,
        tools: {
          ...tools,
          'journal.fail': { effect: 'read-only' },
          'journal.upsert': undo({ tool: 'lookup', args: { key: '${args.key}' } }),
          'journal.append': {
            effect: 'compensable',
            undo: { before: { tool: 'fail', args: {} }, restore: { tool: 'fail', args: {} } },
          },
        },
        policies: { standard: { rules: ['rules.cedar'], default: 'allow' } },
      });
    },
  });
});
afterAll(() => stage?.end());

const asked = (session: SessionHandle, id: string) =>
  expect
    .poll(async () => (await session.approvals.list()).find((each) => each.id === id), { timeout: 30_000 })
    .toBeDefined()
    .then(async () => (await session.approvals.list()).find((each) => each.id === id)!);

/** What the command says on a terminal on which somebody types. */
async function typed(said: string, ...args: readonly string[]): Promise<string> {
  const where = ['--address', temporalAddress(), '--namespace', stage.namespace, '--actor', 'ann'];
  const line = [process.execPath, BINARY, ...args, ...where].map((word) => `'${word}'`).join(' ');
  const child = spawn(SCRIPT, ['-qefc', line, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${said}\n`);
  return text(child.stdout);
}

describe.skipIf(!existsSync(SCRIPT))('P3: `custody approve` on a terminal', () => {
  test('shows what is asked, and approves it on a typed yes, and on nothing else', async () => {
    const session = stage.sdk.as('bob').session(await stage.start());
    const call = session.call('journal.upsert', { key: 'a', value: 'b' }, { callId: 'c' });
    await asked(session, 'a1');
    const no = await typed('y', 'approve', `${session.id}/a1`, '--reason', 'fine');
    expect(no).toMatch(/What would change[^]*Type yes to approve it: [^]*Nothing was approved: the answer was not yes/);
    await asked(session, 'a1');
    await typed('yes', 'approve', `${session.id}/a1`, '--reason', 'fine');
    expect(await call).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('P3: what stands there now', () => {
  test('is shown also where it is too large for history', async () => {
    const session = stage.sdk.as('bob').session(await stage.start());
    const large = Array.from({ length: 400 }, (_, n) => `line ${n} of a text that is long`).join('\n');
    for (const [id, value] of [
      ['a1', large],
      ['a2', large.replace('line 7 ', 'line seven ')],
    ] as const) {
      const call = session.call('journal.upsert', { key: 'large', value }, { callId: id });
      const { digest } = await asked(session, id);
      const { stdout } = await stage.run('approvals', 'show', `${session.id}/${id}`);
      if (id === 'a2') expect(stdout).toMatch(/-line 7 of a text that is long\n\+line seven of a text that is long/);
      await stage.sdk.session(session.id).approvals.approve(id, digest);
      expect(await call).toMatchObject({ outcome: 'succeeded' });
    }
  });

  test('that cannot be read keeps nobody from being asked, and is said', async () => {
    const session = stage.sdk.as('bob').session(await stage.start());
    const call = session.call('journal.append', { text: 'x' }, { callId: 'c' });
    const { digest } = await asked(session, 'a1');
    const { stdout } = await stage.run('approvals', 'show', `${session.id}/a1`);
    expect(stdout).toMatch(/failed as asked/);
    await stage.sdk.session(session.id).approvals.reject('a1', { reason: `not without a look at ${digest}` });
    expect(await call).toMatchObject({ error: { code: 'APPROVAL_REJECTED' } });
  });
});
