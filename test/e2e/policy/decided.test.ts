import { afterEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../../audit/entry.ts';
import { Harness } from '../../support/harness.ts';

const RULES = `
@id("no-secrets") @says("Secrets are not written down: leave them out.")
forbid(principal, action == Action::"journal.append", resource) when { context.args.text like "*secret*" };

@id("reads-are-few")
forbid(principal, action == Action::"journal.lookup", resource) when { context.totals.denials > 0 };

@id("new") @mode("log-only")
forbid(principal, action, resource) when { context.effect == "idempotent" };
`;

describe('P1, P2: calls that rules decide', () => {
  let harness: Harness | undefined;
  afterEach(async () => {
    await harness?.stop();
  });

  const timeline = async (id: string): Promise<readonly Entry[]> => {
    const entries: Entry[] = [];
    for await (const entry of harness!.custody.session(id).watch({ follow: false })) entries.push(entry);
    return entries;
  };

  test('a denied call sends nothing, its caller is told why, and history has the decision', async () => {
    harness = await Harness.start({ rules: RULES });
    const id = await harness.running();
    const session = harness.custody.session(id);
    expect(await session.call('journal.append', { text: 'the secret' }, { callId: 'a' })).toMatchObject({
      outcome: 'refused',
      error: {
        code: 'POLICY_DENIED',
        rules: ['no-secrets'],
        message: 'journal.append is denied by the rule "no-secrets": Secrets are not written down: leave them out.',
      },
    });
    // Totals count: a denial before it denies the next read, until a tool answers.
    expect(await session.call('journal.lookup', { key: 'x' })).toMatchObject({ error: { rules: ['reads-are-few'] } });
    expect(await session.call('journal.append', { text: 'fine' }, { callId: 'b' })).toMatchObject({
      outcome: 'succeeded',
    });
    expect(await session.call('journal.lookup', { key: 'x' })).not.toHaveProperty('error');
    expect(await session.call('journal.upsert', { key: 'k', value: 'v' })).toMatchObject({ outcome: 'succeeded' });

    const began = harness.journal().filter(({ phase }) => phase === 'begin');
    expect(began.map(({ tool }) => tool)).toEqual(['append', 'lookup', 'upsert']);
    const told = (await timeline(id)).map(({ kind, text }) => `${kind} ${text}`);
    expect(told).toContainEqual(expect.stringMatching(/^denied a: .*\(no-secrets\)$/));
    expect(told).toContainEqual(expect.stringMatching(/^would-deny .*\(new\)$/));
    expect(told).toContainEqual(expect.stringMatching(/^governance .*rules [0-9a-f]{12}/));
    await session.complete();
    expect(await session.wait()).toMatchObject({ state: 'COMPLETED' });
  });

  test('a rule that cannot be evaluated denies', async () => {
    harness = await Harness.start({
      rules: '@id("broken") forbid(principal, action, resource) when { context.args.n > 1 };',
    });
    const id = await harness.running();
    expect(await harness.custody.session(id).call('journal.append', { text: 'x' })).toMatchObject({
      error: { code: 'POLICY_DENIED', message: expect.stringContaining('The rule "broken" cannot be evaluated') },
    });
    expect(harness.journal().filter(({ phase }) => phase === 'begin')).toEqual([]);
  });

  test('a set on trial denies nothing', async () => {
    harness = await Harness.start({ rules: 'forbid(principal, action, resource);', policy: { mode: 'log-only' } });
    const id = await harness.running();
    expect(await harness.custody.session(id).call('journal.append', { text: 'x' })).toMatchObject({
      outcome: 'succeeded',
    });
    expect((await timeline(id)).map(({ kind }) => kind)).toContain('would-deny');
  });

  test('what no rule allows is denied where the set says so', async () => {
    harness = await Harness.start({
      rules: 'permit(principal, action, resource) when { context.effect == "read-only" };',
      policy: { default: 'deny' },
    });
    const session = harness.custody.session(await harness.running());
    expect(await session.call('journal.append', { text: 'x' })).toMatchObject({
      error: { code: 'POLICY_DENIED', message: 'No rule allows journal.append, and what no rule allows is denied.' },
    });
    expect(await session.call('journal.lookup', { key: 'x' })).not.toHaveProperty('error');
  });

  test('L2: a worker with other rules makes no call: the session pauses until the change is accepted', async () => {
    harness = await Harness.start({ rules: 'permit(principal, action, resource);' });
    const id = await harness.running();
    const session = harness.custody.session(id);
    await harness.stopWorker();
    await harness.configure({ rules: 'forbid(principal, action, resource) when { context.args.text == "no" };' });
    await harness.startWorker();
    const waits = session.call('journal.append', { text: 'no' }, { callId: 'a' });
    const paused = await harness.until(id, ({ state }) => state === 'PAUSED');
    expect(paused).toMatchObject({ cause: 'incident', reason: expect.stringContaining('CONFIG_CHANGED') });
    await session.resume().catch(() => undefined);
    await harness.until(
      id,
      ({ state, reason }) => state === 'PAUSED' && (reason ?? '').includes('rules of profile standard'),
    );
    await session.resume({ acceptChanges: true });
    expect(await waits).toMatchObject({ error: { code: 'POLICY_DENIED' } });
    expect(harness.journal().filter(({ phase }) => phase === 'begin')).toEqual([]);
  });
});
