import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explained } from '../../../cli/policy/explain.ts';
import type { Replayed } from '../../../cli/policy/replay.ts';
import { until } from '../../support/until.ts';
import { openStage, type Stage } from '../stage.ts';

const RULES = `
@id("no-secrets") @says("Secrets are not written down.")
forbid(principal, action == Action::"journal.append", resource)
  when { context.args.text like "*secret*" };
`;

let stage: Stage;
let id: string;
beforeAll(async () => {
  stage = await openStage({ rules: RULES });
  id = await stage.start({ labels: { team: 'docs' } });
  const session = stage.sdk.session(id);
  await session.call('journal.append', { text: 'the secret' }, { callId: 'denied' });
  await session.call('journal.append', { text: `fine ${'x'.repeat(1000)}` }, { callId: 'made' });
  await session.call('journal.lookup', { key: 'x' }, { callId: 'read' });
  await session.complete();
  await session.wait();
});
afterAll(() => stage?.end());

/** The history of the session as `temporal workflow show --output json` writes it. */
async function historyFile(name: string, change: (text: string) => string = (text) => text): Promise<string> {
  const history = await stage.sdk.temporal.workflow.getHandle(id).fetchHistory();
  return stage.folder.write(name, change(historyToJSON(history)));
}

/** Changes a text within the payloads of a history, as somebody would who wants it to say something else. */
const altered =
  (from: string, to: string) =>
  (history: string): string =>
    history.replace(/"data":\s?"([A-Za-z0-9+/=]+)"/g, (whole, data: string) => {
      const text = Buffer.from(data, 'base64').toString('utf8');
      return text.includes(from) ? `"data":"${Buffer.from(text.replaceAll(from, to)).toString('base64')}"` : whole;
    });

describe('P2: custody policy explain', () => {
  test('says why a call was denied, with the text and place of the rule, and what it was asked', async () => {
    const { code, stdout, stderr } = await stage.run('policy', 'explain', id, 'denied');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^journal\.append {2}denied, attempt 1, .*, ended denied\n {2}denied by no-secrets {2}\(rules [0-9a-f]{12},/,
    );
    expect(stdout).toContain('  rules.cedar:2:1\n    @id("no-secrets")');
    expect(stdout).toContain('"text": "the secret"');
    expect(stdout).toContain('"team": "docs"');
  });

  test('cuts long values, and works on a history alone', async () => {
    const file = await historyFile('history.json');
    const { stdout } = await stage.run('policy', 'explain', id, 'made', '--history', file, '--json');
    const [explained] = JSON.parse(stdout) as Explained[];
    expect(explained).toMatchObject({
      call: 'journal.append',
      ended: 'succeeded',
      decision: { verdict: 'allow', rules: ['default'] },
      asked: {
        action: { id: 'journal.append' },
        context: { effect: 'irreversible', totals: { calls: 2, denials: 1 } },
      },
      remarks: [],
    });
    expect(JSON.stringify(explained?.asked)).toContain('… (1005 characters)');
  });

  test('a call that the history does not have is refused', async () => {
    expect(await stage.run('policy', 'explain', id, 'nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^CALL_NOT_FOUND: /),
    });
  });
});

describe('P2: custody policy replay', () => {
  test('by the recorded rules nothing differs, of one session and of all that started lately', async () => {
    const one = await stage.json<Replayed>('policy', 'replay', '--session', id);
    expect(one).toEqual({ sessions: 1, decided: 3, differences: [], skipped: {} });
    const { code, stdout } = await stage.run('policy', 'replay', '--session', id);
    expect([code, stdout]).toEqual([0, '3 decisions of 1 session made once more: 0 differ from the record.\n']);
    // Temporal's lists are some moments behind.
    const all = await until('the session is listed', async () => {
      const replayed = await stage.json<Replayed>('policy', 'replay', '--since', '1h');
      return replayed.sessions > 0 && replayed;
    });
    expect(all).toEqual(one);
  });

  test('a decision that was altered in the history is found', async () => {
    const file = await historyFile('altered.json', altered('"verdict":"deny"', '"verdict":"allow"'));
    const { code, stdout } = await stage.run('policy', 'replay', '--history', file);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\S+ +denied +journal\.append +allow: no-secrets +deny: no-secrets$/m);
    expect(stdout).toContain('3 decisions of 1 session made once more: 1 differ from the record.');
  });

  test('rules that were altered in the history have not the hash that the session names', async () => {
    const file = await historyFile('rules.json', altered('*secret*', '*sacred*'));
    const { stdout } = await stage.run('policy', 'replay', '--history', file, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      decided: 0,
      skipped: { [Object.keys((JSON.parse(stdout) as Replayed).skipped)[0] ?? '']: 3 },
    });
    expect(Object.keys((JSON.parse(stdout) as Replayed).skipped)).toEqual([
      expect.stringMatching(/^the rules on record have not the hash [0-9a-f]{12}/),
    ]);
  });

  test('by other rules, the calls on which these differ are listed, and nothing is changed', async () => {
    const next = await stage.folder.write(
      'next.cedar',
      '@id("no-x") forbid(principal, action, resource) when { context.args has key };',
    );
    const { code, stdout } = await stage.run('policy', 'replay', '--session', id, '--rules', next);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\S+ +denied +journal\.append +deny: no-secrets +allow: default$/m);
    expect(stdout).toMatch(/^\S+ +read +journal\.lookup +allow: default +deny: no-x$/m);
    expect(stdout).toContain('3 decisions of 1 session made once more: 2 would be decided otherwise.');
    expect(await stage.sdk.session(id).describe()).toMatchObject({ state: 'COMPLETED', used: { calls: 3 } });
  });

  test('U4: what does not go together is refused', async () => {
    expect(await stage.run('policy', 'replay')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Say which calls'),
    });
    expect(await stage.run('policy', 'replay', '--session', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^SESSION_NOT_FOUND/),
    });
    expect(await stage.run('policy', 'replay', '--session', id, '--rules', 'nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^POLICY_INVALID: nowhere does not exist/),
    });
    const seal = (text: string): string =>
      text.replace(/"encoding":\s?"anNvbi9wbGFpbg=="/g, '"encoding":"YmluYXJ5L2VuY3J5cHRlZA==","custody-key":"eA=="');
    expect(await stage.run('policy', 'replay', '--history', await historyFile('sealed.json', seal))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^USAGE: .*sealed\.json is encrypted/),
    });
    const file = await stage.folder.write('no-history.json', '[]');
    expect(await stage.run('policy', 'replay', '--history', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no history'),
    });
  });
});
