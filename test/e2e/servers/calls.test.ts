import { test } from 'vitest';
import { until } from '../../support/until.ts';
import { PEERS, isStateful, harness, journal, session, begun, groups } from './peers.ts';

groups('E1: a session on a server', PEERS, (peer, server) => {
  test('knows the negotiated revision, and its calls arrive with their idempotency keys', async ({ expect }) => {
    const id = await session(server);
    expect((await harness.custody.session(id).describe()).servers).toEqual([
      {
        name: server,
        protocolVersion: peer.revision,
        tools: 5,
        ...(isStateful(peer) ? { held: { worker: 'tester', generation: 1 } } : {}),
      },
    ]);
    expect(await harness.custody.session(id).call(`${server}.append`, { text: 'hello' }, { callId: 'said' })).toEqual({
      callId: 'said',
      outcome: 'succeeded',
      attempts: 1,
      result: { content: [{ type: 'text', text: 'appended hello' }] },
    });
    expect(await harness.custody.session(id).call(`${server}.lookup`, { key: 'none' })).toMatchObject({
      outcome: 'succeeded',
      result: { structuredContent: { value: null } },
    });
    expect(await harness.custody.session(id).call(`${server}.fail`)).toMatchObject({
      outcome: 'tool_error',
      attempts: 1,
      result: { content: [{ text: 'failed as asked' }] },
    });
    // The journal finds a call by the key that came in `_meta`: `session id/call id`.
    expect(journal.of(id, 'said')).toBe('begin end');
    await harness.custody.session(id).complete();
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
  });

  test('L4, E5: cancels calls under way on pause, and on cancel; the server hears of it', async ({ expect }) => {
    const id = await session(server);
    const call = (tool: string, callId: string, args: { [name: string]: string }): Promise<unknown> =>
      harness.custody
        .session(id)
        .call(`${server}.${tool}`, { ...args, gate: 'never' }, { callId, wait: false })
        .catch((error: unknown) => error);
    const ends = Promise.all([call('lookup', 'read', { key: 'k' }), call('append', 'write', { text: 't' })]);
    await begun(id, 'read', 'write');
    await harness.custody.session(id).pause({ reason: 'stop it' });
    // A server has no way to say whether it stopped in time: a read ends cancelled, and what cannot be undone is in
    // doubt.
    expect(await ends).toMatchObject([
      { outcome: 'cancelled', error: { code: 'CALL_CANCELLED' } },
      { code: 'CALL_PARKED' },
    ]);
    expect(await harness.custody.session(id).describe()).toMatchObject({
      state: 'PAUSED',
      openCalls: [{ callId: 'write', phase: 'in_doubt', trouble: { code: 'CALL_CANCELLED' } }],
    });
    await until(
      'both cancelled at the server',
      () => journal.of(id, 'read') === 'begin cancelled' && journal.of(id, 'write') === 'begin cancelled',
    );
    await harness.custody.session(id).resolve('write', 'failed', { reason: 'the journal says cancelled' });

    await harness.custody.session(id).resume();
    await harness.until(id, ({ state }) => state === 'RUNNING');
    const last = call('lookup', 'last', { key: 'k' });
    await begun(id, 'last');
    await harness.custody.session(id).cancel({ reason: 'enough' });
    expect(await last).toMatchObject({ outcome: 'cancelled' });
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'SESSION_CANCELLED' });
    await until('the last one cancelled at the server', () => journal.of(id, 'last') === 'begin cancelled');
  });

  if (server === 'stdio-2026-07-28')
    test('L6: a call longer than the heartbeat timeout of 5 s is not taken for lost', async ({ expect }) => {
      const id = await session(server);
      expect(
        await harness.custody.session(id).call(`${server}.append`, { text: 'slow', delayMs: 6500 }, { callId: 'slow' }),
      ).toMatchObject({ outcome: 'succeeded', attempts: 1 });
      expect(journal.of(id, 'slow')).toBe('begin end');
      expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING', restarts: 0 });
    });
});
