import { describe, expect, test } from 'vitest';
import { eventually, Harness } from '../../support/harness.ts';
import { harness, running, timeline } from '../harness.ts';

describe('pause and resume', () => {
  test('L3, L4: during a pause no call starts; a call that arrives waits and runs once after resume', async () => {
    const id = await running();
    await harness.custody.session(id).pause({ reason: 'lunch' });
    await expect(
      harness.custody.session(id).call('journal.append', { text: 'parked' }, { callId: 'parked', wait: false }),
    ).rejects.toMatchObject({ code: 'CALL_PARKED' });
    const waiting = harness.custody.session(id).call('journal.append', { text: 'parked' }, { callId: 'parked' });
    expect(await harness.custody.session(id).describe()).toMatchObject({
      state: 'PAUSED',
      cause: 'operator',
      reason: 'lunch',
      openCalls: [{ callId: 'parked', phase: 'queued', attempts: 0 }],
    });
    expect(harness.journal().filter(({ args }) => args.text === 'parked')).toHaveLength(0);
    await harness.custody.session(id).resume({ reason: 'back' });
    expect(await waiting).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    expect(harness.journal().filter(({ args, phase }) => args.text === 'parked' && phase === 'begin')).toHaveLength(1);
  });

  test('L4: calls under way drain when a pause begins', async () => {
    const id = await running();
    const call = harness.custody.session(id).call('journal.append', { text: 'draining', delayMs: 700 });
    await eventually(
      () => harness.journal().some(({ args }) => args.text === 'draining') || undefined,
      'the call is under way',
    );
    await harness.custody.session(id).pause();
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'PAUSED' });
  });

  test(
    'L3: pause and resume are signals of plain Temporal, with actor and reason on ' + 'record, or without any input',
    async () => {
      const id = await running();
      const handle = harness.custody.temporal.workflow.getHandle(id);
      await handle.signal('pause', { actor: 'ann', reason: 'by hand' });
      expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'operator',
        reason: 'by hand',
      });
      await handle.signal('resume');
      await harness.until(id, ({ state }) => state === 'RUNNING');
      await handle.signal('rollback', { actor: 'ann', reason: 'undo all' });
      expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'ROLLED_BACK' });
      const entries = await timeline(id);
      expect(
        entries.filter(({ kind }) => kind === 'transition').map(({ by, text }) => [by, text.split(':')[0]]),
      ).toEqual([
        ['custody', 'INIT -> RUNNING'],
        ['ann', 'RUNNING -> PAUSED (operator)'],
        ['unknown', 'PAUSED -> RESUMING'],
        ['custody', 'RESUMING -> RUNNING'],
        ['ann', 'RUNNING -> ROLLBACK'],
        ['custody', 'ROLLBACK -> AUDIT'],
        ['custody', 'AUDIT -> FAILED'],
      ]);
    },
  );

  test('L3: a command repeated under its id is one command', async () => {
    const id = await running();
    const options = { commandId: 'the-same', reason: 'once' };
    await harness.custody.session(id).pause(options);
    await harness.custody.session(id).resume();
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.session(id).pause(options);
    await harness.custody.temporal.workflow.getHandle(id).signal('pause', { actor: 'tester', ...options });
    expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
    expect((await timeline(id)).filter(({ text }) => text.startsWith('RUNNING -> PAUSED'))).toHaveLength(1);
  });

  test(
    'L5, L2: a configuration that changed keeps a session paused until the ' + 'change is accepted, on record',
    async () => {
      const own = await Harness.start();
      try {
        const { id } = await own.custody.start(own.spec());
        await own.until(id, ({ state }) => state === 'RUNNING');
        await own.stopWorker();
        await own.configure({ tools: { 'journal.append': { effect: 'irreversible', timeout: '7s' } } });
        await own.startWorker();
        const call = own.custody.session(id).call('journal.append', { text: 'under which?' });
        expect(await own.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
          cause: 'incident',
          reason: expect.stringContaining('CONFIG_CHANGED'),
        });
        expect(own.journal()).toHaveLength(0);
        await own.custody.session(id).resume();
        expect(
          await own.until(id, ({ state, reason }) => state === 'PAUSED' && reason?.includes('changed since') === true),
        ).toMatchObject({ cause: 'incident' });
        await own.custody.session(id).resume({ acceptChanges: true, reason: 'reviewed' });
        expect(await call).toMatchObject({ outcome: 'succeeded' });
        const entries = [];
        for await (const entry of own.custody.session(id).watch({ follow: false })) entries.push(entry);
        expect(entries).toContainEqual(
          expect.objectContaining({ kind: 'changes-accepted', text: 'configuration of journal' }),
        );
      } finally {
        await own.stop();
      }
    },
  );
});
