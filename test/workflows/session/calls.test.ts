import { describe, expect, test } from 'vitest';
import { Harness } from '../../support/harness.ts';
import { harness, running } from '../harness.ts';

describe('calls from outside', () => {
  test(
    'E4: a repeated call id gets the first answer and no second effect; under ' + 'other arguments it is refused',
    async () => {
      const id = await running();
      const first = await harness.custody.session(id).call('journal.append', { text: 'only once' }, { callId: 'c1' });
      const again = await harness.custody.session(id).call('journal.append', { text: 'only once' }, { callId: 'c1' });
      expect(again).toEqual(first);
      await expect(
        harness.custody.session(id).call('journal.append', { text: 'other' }, { callId: 'c1' }),
      ).rejects.toMatchObject({ code: 'CALL_ID_REUSED' });
      const begun = harness.journal().filter(({ args, phase }) => args.text === 'only once' && phase === 'begin');
      expect(begun.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}/c1`]);
    },
  );

  test('U4: what cannot be called is refused with a code, and the session lives on', async () => {
    const id = await running();
    const call = (target: string, args = {}, options = {}) => harness.custody.session(id).call(target, args, options);
    await expect(call('nowhere.tool')).rejects.toMatchObject({ code: 'UNKNOWN_SERVER' });
    await expect(call('journal.nothing')).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
    await expect(call('no-dot')).rejects.toMatchObject({ code: 'MALFORMED_COMMAND' });
    await expect(call('journal.append', { text: 'x'.repeat(10 * 1024 * 1024) })).rejects.toMatchObject({
      code: 'ARGUMENTS_TOO_LARGE',
    });
    await expect(call('journal.append', { text: '\ud800' })).rejects.toMatchObject({ code: 'MALFORMED_COMMAND' });
    await expect(call('journal.append', { text: 'x' }, { callId: 'plan/1' })).rejects.toMatchObject({
      code: 'MALFORMED_COMMAND',
    });
    expect(await call('journal.lookup', { key: 'k' })).toMatchObject({ outcome: 'succeeded' });
  });

  test('E2, E5: a tool error is an answer, and so is a large result', async () => {
    const id = await running();
    expect(await harness.custody.session(id).call('journal.fail')).toMatchObject({
      outcome: 'tool_error',
      result: { content: [{ text: 'failed as asked' }] },
    });
    const big = await harness.custody.session(id).call('journal.big', { bytes: 100_000 });
    expect(big).toMatchObject({
      outcome: 'succeeded',
      result: { content: [{ type: 'text', text: 'x'.repeat(100_000) }] },
    });
  });

  test('T4: sixteen calls at once with the largest arguments allowed all run, four at a time', async () => {
    const id = await running();
    const text = 'y'.repeat(65_536 - 20);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        harness.custody.session(id).call('journal.append', { text, n: index }, { callId: `large-${index}` }),
      ),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(16).fill('succeeded'));
    const lines = harness.journal().filter(({ idempotencyKey }) => idempotencyKey?.startsWith(`${id}/`));
    expect(lines.filter(({ phase }) => phase === 'begin')).toHaveLength(16);
    let under = 0;
    const most = Math.max(...lines.map(({ phase }) => (under += phase === 'begin' ? 1 : -1)));
    expect(most).toBeLessThanOrEqual(4);
  });

  test(
    'T3: a tool that does not answer in time: a read is tried three times and fails, an append is in doubt ' +
      'until resolved',
    async () => {
      const own = await Harness.start({
        tools: {
          'journal.lookup': { effect: 'read-only', timeout: '300ms' },
          'journal.append': { effect: 'irreversible', timeout: '300ms' },
        },
      });
      try {
        const { id } = await own.custody.start(own.spec());
        const read = own.custody.session(id).call('journal.lookup', { key: 'k', delayMs: 5000 });
        const append = own.custody
          .session(id)
          .call('journal.append', { text: 'slow', delayMs: 5000 }, { callId: 'slow' });
        const view = await own.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'in_doubt'));
        expect(view.openCalls.find(({ callId }) => callId === 'slow')).toMatchObject({
          attempts: 1,
          trouble: { code: 'TOOL_TIMEOUT' },
        });
        expect(await read).toMatchObject({ outcome: 'failed', attempts: 3, error: { code: 'TOOL_TIMEOUT' } });
        await expect(
          own.custody
            .session(id)
            .call('journal.append', { text: 'slow', delayMs: 5000 }, { callId: 'slow', wait: false }),
        ).rejects.toMatchObject({ code: 'CALL_PARKED' });
        await own.custody.session(id).complete({ reason: 'with a doubt left' });
        await own.until(id, ({ state }) => state === 'AUDIT');
        await own.custody.as('ann').session(id).resolve('slow', 'succeeded', { reason: 'seen in the ledger' });
        expect(await append).toMatchObject({
          outcome: 'succeeded',
          resolved: { actor: 'ann', reason: 'seen in the ledger' },
        });
        expect(await own.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
        expect(own.journal().filter(({ tool, phase }) => tool === 'append' && phase === 'begin')).toHaveLength(1);
      } finally {
        await own.stop();
      }
    },
  );
});
