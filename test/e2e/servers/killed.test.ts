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
    test('takes the next call, once; where it forgot the session, after it is opened again', async ({ expect }) => {
      const id = await session(server);
      expect(await harness.custody.session(id).call(`${server}.append`, { text: 'one' })).toMatchObject({
        outcome: 'succeeded',
      });
      await running.get(server)?.kill();
      await serve(peer);
      expect(
        await harness.custody.session(id).call(`${server}.append`, { text: 'two' }, { callId: 'two' }),
      ).toMatchObject({
        outcome: 'succeeded',
        attempts: isStateful(peer) ? 2 : 1,
      });
      expect(journal.of(id, 'two')).toBe('begin end');
      await harness.custody.session(id).complete();
    });
  },
);
