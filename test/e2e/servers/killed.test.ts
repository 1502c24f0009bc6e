import { test } from 'vitest';
import { type JournalEntry } from '../../support/journal.ts';
import { PEERS, isStateful, harness, journal, running, serve, standIn, session, begun, groups } from './peers.ts';

groups('E3: a server that is killed in mid-call', PEERS, (peer, server) => {
  test('a read is made again and succeeds, an irreversible call is in doubt, and the next call works', async ({
    expect,
  }) => {
    const id = await session(server);
    // The server that takes over is up before: a read is made again after 1 s, and then at most once more.
    const next = peer.transport === 'stdio' ? undefined : await standIn(peer);
    const gate = `after ${server}`;
    const read = harness.custody.session(id).call(`${server}.lookup`, { key: 'k', gate }, { callId: 'read' });
    const write = harness.custody
      .session(id)
      .call(`${server}.append`, { text: 't', gate }, { callId: 'write', wait: false })
      .catch((error: unknown) => error);
    await begun(id, 'read', 'write');
    const { pid } = journal.entries().find(({ idempotencyKey }) => idempotencyKey === `${id}/write`) as JournalEntry;
    process.kill(pid, 'SIGKILL');
    if (next) running.set(server, await next.listening);
    journal.open(gate);
    expect(await write).toMatchObject({ code: 'CALL_PARKED' });
    expect(await read).toMatchObject({ outcome: 'succeeded' });
    expect([journal.of(id, 'read'), journal.of(id, 'write')]).toEqual(['begin begin end', 'begin']);
    expect((await harness.custody.session(id).describe()).openCalls).toMatchObject([
      { callId: 'write', phase: 'in_doubt', attempts: 1, trouble: { code: 'CONNECTION_LOST' } },
    ]);
    expect(await harness.custody.session(id).call(`${server}.append`, { text: 'after' })).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
    });
    await harness.custody.session(id).cancel();
  });
});

groups(
  'E1: an HTTP server that is restarted between two calls',
  PEERS.filter(({ transport }) => transport !== 'stdio'),
  (peer, server) => {
    const restart = async (): Promise<void> => {
      await running.get(server)?.kill();
      await serve(peer);
    };

    test('takes the next call, once; where it forgot the session, a read is made again, others are in doubt', async ({
      expect,
    }) => {
      const id = await session(server);
      const calls = harness.custody.session(id);
      const append = (callId: string): Promise<unknown> =>
        calls.call(`${server}.append`, { text: callId }, { callId, wait: false }).catch((error: unknown) => error);
      expect(await append('one')).toMatchObject({ outcome: 'succeeded' });
      await restart();
      expect(await calls.call(`${server}.lookup`, { key: 'k' }, { callId: 'read' })).toMatchObject({
        outcome: 'succeeded',
        attempts: isStateful(peer) ? 2 : 1,
      });
      expect(journal.of(id, 'read')).toBe('begin end');
      await restart();
      // Nobody knows whether the server acted before it said that it does not know the session.
      expect(await append('two')).toMatchObject(isStateful(peer) ? { code: 'CALL_PARKED' } : { outcome: 'succeeded' });
      expect((await calls.describe()).openCalls).toMatchObject(
        isStateful(peer)
          ? [{ callId: 'two', phase: 'in_doubt', attempts: 1, trouble: { code: 'CONNECTION_LOST' } }]
          : [],
      );
      expect(await append('three')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
      expect([journal.of(id, 'two'), journal.of(id, 'three')]).toEqual([
        isStateful(peer) ? '' : 'begin end',
        'begin end',
      ]);
      await calls.cancel();
    });
  },
);
