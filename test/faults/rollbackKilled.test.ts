import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FilesScene } from '../support/filesScene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { ROLLBACK_POINTS } from '../support/processes/workerProcess.ts';

const FILES = 14;

test.concurrent.each(ROLLBACK_POINTS)(
  'L7, L6: a rollback whose worker is killed at %s goes on where it was, and undoes everything',
  async (point) => {
    const scene = await FilesScene.open(temporalAddress());
    try {
      writeFileSync(join(scene.files, 'old.txt'), 'as it was');
      const before = scene.snapshot();
      const first = await scene.worker(point);
      // A run ends after a few calls, with more entries than are carried on: they go into a page.
      const id = await scene.session({ eventsPerRun: 60, undoBytes: 600 });
      const state = async () => (await scene.custody.session(id).describe()).state;
      await until('running', async () => (await state()) === 'RUNNING', 30_000);
      const calls = (async () => {
        for (let n = 0; n < FILES; n += 1)
          await scene.custody.session(id).call('files.write_file', {
            path: n % 5 === 0 ? 'old.txt' : `new-${n}.txt`,
            content: `${n}`,
          });
      })();
      const early = point === 'page-unwritten' || point === 'page-written';
      if (early) {
        expect((await first.exited).struck).toBe(point);
        await scene.worker();
      }
      await calls;
      await scene.custody.session(id).rollback({ reason: 'all of it' });
      if (!early) {
        expect((await first.exited).struck).toBe(point);
        await scene.worker();
      }
      const view = await scene.custody.session(id).wait();
      expect(view).toMatchObject({ state: 'FAILED', code: 'ROLLED_BACK', effects: { made: FILES, undone: FILES } });
      expect(view.runs).toBeGreaterThan(1);
      expect([...scene.snapshot()]).toEqual([...before]);
      const receipts = new Map<string, number>();
      for await (const { kind, text } of scene.custody.session(id).watch({ follow: false }))
        if (kind === 'undone') receipts.set(text, (receipts.get(text) ?? 0) + 1);
      expect(receipts.size, 'receipts').toBe(FILES);
      expect(Math.max(...receipts.values())).toBe(1);
    } finally {
      await scene.close();
    }
  },
  240_000,
);
