import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../support/journal.ts';
import { harness, journal, session } from './peers.ts';

describe('E1: a stdio server that its operator calls shared', () => {
  test('is one process for all sessions of a worker, held for none; killed, it is started again', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => session('shared')));
    const call = (id: string, callId: string) =>
      harness.custody.session(id).call('shared.lookup', { key: id }, { callId });
    const isOurs = ({ idempotencyKey }: JournalEntry): boolean => ids.some((id) => idempotencyKey?.startsWith(id));
    const pids = (): Set<number> =>
      new Set(journal.entries().flatMap((entry) => (entry.tool === 'lookup' && isOurs(entry) ? [entry.pid] : [])));
    await Promise.all(ids.map((id) => call(id, 'first')));
    expect(pids().size).toBe(1);
    const [first] = ids as [string];
    expect((await harness.custody.session(first).describe()).servers[0]).not.toHaveProperty('held');
    await harness.custody.session(first).complete();
    process.kill([...pids()][0] as number, 'SIGKILL');
    const answers = await Promise.all(ids.slice(1).map((id) => call(id, 'second')));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(5).fill('succeeded'));
    expect(pids().size).toBe(2);
  });
});
