import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { expect } from 'vitest';
import { CustodyError } from '../../client/index.ts';
import { logToConsole } from './sdkLog.ts';
import type { Scene } from './scene.ts';
import { type Story, storyOf } from './story.ts';

logToConsole();

const BUNDLE = fileURLToPath(new URL('../../dist/workflows/bundle.cjs', import.meta.url));

/**
 * Holds what the server saw against what the history says, for one session: no irreversible tool was called twice for
 * one call id, unless a person said so; everything that the server saw has its intent and its outcome on record; and a
 * worker that reads the history anew comes to the same decisions.
 *
 * @returns the history, for more questions
 */
export async function judge(scene: Scene, id: string): Promise<Story> {
  const story = await storyOf(scene.custody, id);
  await replay(scene, id);
  const count = (kind: string, callId: string): number =>
    story.entries.filter((entry) => entry.kind === kind && entry.callId === callId).length;
  const begun = scene.journal
    .entries()
    .filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey?.startsWith(`${id}/`));
  for (const callId of new Set(begun.map(({ idempotencyKey }) => (idempotencyKey as string).slice(id.length + 1)))) {
    const calls = begun.filter(({ idempotencyKey }) => idempotencyKey === `${id}/${callId}`);
    const wished = story.entries.filter(
      ({ kind, text }) => kind === 'resolved' && text.startsWith(`${callId} as retry`),
    ).length;
    if (calls[0]?.tool === 'append')
      expect(calls.length, `times that ${callId} reached the server`).toBeLessThanOrEqual(1 + wished);
    expect(count('attempt', callId), `intents of ${callId} on record`).toBeGreaterThanOrEqual(calls.length);
    expect(count('outcome', callId), `outcomes of ${callId} on record`).toBeGreaterThanOrEqual(
      count('attempt', callId),
    );
  }
  return story;
}

/** Replays the last run of a session as a new worker would. Throws where it decides differently. */
async function replay(scene: Scene, id: string): Promise<void> {
  const history = await scene.custody.temporal.workflow.getHandle(id).fetchHistory();
  const mine = replays.then(() => Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, history, id));
  replays = mine.catch(() => {});
  await mine;
}

/** One after the other: the SDK shares one runtime among them, and closes it with the last. */
let replays: Promise<void> = Promise.resolve();

/** How a call stands: its outcome, `in_doubt`, or undefined while it is open or nobody is there to say so. */
export async function standing(scene: Scene, id: string, callId: string): Promise<string | undefined> {
  const { calls } = await scene.custody
    .session(id)
    .describe()
    .catch((error: unknown) => {
      // Right after a kill, Temporal may say so though the next worker has begun to ask it for work.
      if (error instanceof CustodyError && error.code === 'NO_WORKER') return { calls: [] };
      throw error;
    });
  return calls.find((call) => call.callId === callId)?.outcome ?? undefined;
}
