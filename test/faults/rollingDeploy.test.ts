import { describe, expect, test } from 'vitest';
import type { Answer } from '../../client/index.ts';
import { judge } from '../support/judge.ts';
import { Scene, type ServerKind } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { WorkerProcess } from '../support/processes/workerProcess.ts';

const CALLERS = 2;
const SESSIONS = 2;
/** Calls that each session makes between two deploys, at least. */
const BETWEEN = 6;

interface Deploy {
  readonly how: string;
  readonly server: ServerKind;
  /** Stops the worker, and starts the one that takes its place. */
  readonly replace: (scene: Scene, old: WorkerProcess, round: number) => Promise<WorkerProcess>;
}

const oneAfterTheOther = async (scene: Scene, old: WorkerProcess): Promise<WorkerProcess> => {
  expect(await old.stop()).toMatchObject({ code: 0, signal: null });
  return scene.worker();
};

const sideBySide = async (scene: Scene, old: WorkerProcess, round: number): Promise<WorkerProcess> => {
  const next = await scene.worker({ name: `next-${round}` });
  expect(await old.stop()).toMatchObject({ code: 0, signal: null });
  return next;
};

const DEPLOYS: readonly Deploy[] = [
  { how: 'the same name, one after the other', server: 'child', replace: oneAfterTheOther },
  { how: 'another name, side by side', server: 'child', replace: sideBySide },
  { how: 'another name, side by side, over HTTP with protocol sessions', server: 'sessions', replace: sideBySide },
];

describe.concurrent('a rolling deploy while outside callers call', () => {
  test.for(DEPLOYS)(
    'L6, E4: $how: no restart, nothing in doubt, no call lost or made twice, and never two servers at once',
    { timeout: 400_000 },
    async ({ server, replace }, { onTestFinished }) => {
      const scene = await Scene.open({ address: temporalAddress(), server });
      onTestFinished(() => scene.close());
      let worker = await scene.worker();
      const ids = await Promise.all(Array.from({ length: SESSIONS }, () => scene.session()));
      const answers = new Map<string, Answer[]>(ids.map((id) => [id, []]));
      let isOver = false;
      const callers = ids.flatMap((id) =>
        Array.from({ length: CALLERS }, async (_, caller) => {
          for (let n = 0; !isOver; n += 1) {
            const [tool, args] = n % 2 === 0 ? ['append', { text: `${n}` }] : ['lookup', { key: 'k' }];
            answers
              .get(id)
              ?.push(
                await scene.custody
                  .session(id)
                  .call(
                    `journal.${tool}`,
                    { ...args, delayMs: (n * 97 + caller * 31) % 400 },
                    { callId: `${caller}-${n}` },
                  ),
              );
          }
        }),
      );
      const some = () => {
        const before = new Map([...answers].map(([id, list]) => [id, list.length]));
        return until(`${BETWEEN} more calls of each session`, () =>
          [...answers].every(([id, list]) => list.length >= (before.get(id) ?? 0) + BETWEEN),
        );
      };
      await some();
      for (let round = 1; round <= 2; round += 1) {
        worker = await replace(scene, worker, round);
        await some();
      }
      isOver = true;
      await Promise.all(callers);

      for (const id of ids) {
        const all = answers.get(id) ?? [];
        expect(all.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([]);
        expect(
          all.filter(({ callId }) => scene.journal.of(id, callId) !== 'begin end').map(({ callId }) => callId),
        ).toEqual([]);
        const view = await scene.custody.session(id).describe();
        const { entries, begunAndSilent } = await judge(scene, id);
        expect(entries.filter(({ kind }) => kind === 'restart' || kind === 'in-doubt').map(({ text }) => text)).toEqual(
          [],
        );
        expect(view).toMatchObject({
          state: 'RUNNING',
          restarts: 0,
          openCalls: [],
          servers: [{ held: { worker: worker.name, generation: 3 } }],
        });
        // Temporal may hand a call to a poller as that stops: nobody has it then, and it is sent anew.
        expect(begunAndSilent).toEqual([]);
        expect(entries.filter(({ kind }) => kind === 'server-reopened')).toHaveLength(2);
        if (server === 'child') expect(overlaps(scene, id)).toEqual([]);
      }
    },
  );
});

/** Processes of a session's server that had a call under way, or one after it, when another one began with a call. */
function overlaps(scene: Scene, id: string): number[] {
  const mine = scene.journal.entries().filter(({ idempotencyKey }) => idempotencyKey?.startsWith(`${id}/`));
  const order = mine.map(({ pid }) => pid).filter((pid, index, all) => pid !== all[index - 1]);
  return order.filter((pid, index) => order.indexOf(pid) !== index);
}
