import { describe, expect, test } from 'vitest';
import { judge, standing } from '../support/judge.ts';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

describe.concurrent('an MCP server killed in mid-call', () => {
  test.for(['child', 'apart'] as const)(
    'L6, E3: %s: the read-only call is made again on a new one, the irreversible one is in doubt; no restart',
    async (server, { onTestFinished }) => {
      const scene = await Scene.open({ address: temporalAddress(), server });
      onTestFinished(() => scene.close());
      await scene.worker();
      const id = await scene.session();
      const read = scene.custody.session(id).call('journal.lookup', { key: 'k', gate: 'again' }, { callId: 'r' });
      const write = scene.custody.session(id).call('journal.append', { text: 'x', gate: 'again' }, { callId: 'a' });
      await until(
        'both at the server',
        () => scene.journal.of(id, 'r') === 'begin' && scene.journal.of(id, 'a') === 'begin',
      );
      const { pid } = scene.journal.entries()[0] as { pid: number };
      await scene.killServer(pid);
      await until('in doubt', async () => (await standing(scene, id, 'a')) === 'in_doubt');
      expect(scene.journal.of(id, 'a')).toBe('begin');

      scene.journal.open('again');
      expect(await read).toMatchObject({ outcome: 'succeeded', attempts: 2 });
      await scene.custody.session(id).resolve('a', 'retry', { reason: 'it did not happen' });
      expect(await write).toMatchObject({ outcome: 'succeeded', attempts: 2 });
      expect([scene.journal.of(id, 'r'), scene.journal.of(id, 'a')]).toEqual(['begin begin end', 'begin begin end']);
      expect(scene.journal.entries().at(-1)?.pid).not.toBe(pid);

      const { entries, fellSilent } = await judge(scene, id);
      expect(fellSilent).toEqual([]);
      expect(entries.find(({ kind }) => kind === 'in-doubt')?.text).toContain('CONNECTION_LOST');
      expect(await scene.custody.session(id).describe()).toMatchObject({ state: 'RUNNING', restarts: 0 });
    },
  );
});
