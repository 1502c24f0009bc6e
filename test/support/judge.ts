import { expect } from 'vitest';
import type { Scene } from './scene.ts';
import { type Story, storyOf } from './story.ts';

/**
 * Holds what the server saw against what the history says, for one session: no irreversible tool was called twice for one
 * call id, unless a person said so (E3, E4); and everything that the server saw has its intent and its outcome on record (E2).
 *
 * @returns the history, for more questions
 */
export async function judge(scene: Scene, id: string): Promise<Story> {
  const story = await storyOf(scene.custody, id);
  const count = (kind: string, callId: string): number => story.entries.filter((entry) => entry.kind === kind && entry.callId === callId).length;
  const begun = scene.journal.entries().filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey?.startsWith(`${id}/`));
  for (const callId of new Set(begun.map(({ idempotencyKey }) => (idempotencyKey as string).slice(id.length + 1)))) {
    const calls = begun.filter(({ idempotencyKey }) => idempotencyKey === `${id}/${callId}`);
    const wished = story.entries.filter(({ kind, text }) => kind === 'resolved' && text.startsWith(`${callId} as retry`)).length;
    if (calls[0]?.tool === 'append') expect(calls.length, `times that ${callId} reached the server`).toBeLessThanOrEqual(1 + wished);
    expect(count('attempt', callId), `intents of ${callId} on record`).toBeGreaterThanOrEqual(calls.length);
    expect(count('outcome', callId), `outcomes of ${callId} on record`).toBeGreaterThanOrEqual(count('attempt', callId));
  }
  return story;
}

/** How a call stands: its outcome, `in_doubt`, or undefined while it is open. */
export async function standing(scene: Scene, id: string, callId: string): Promise<string | undefined> {
  const { calls } = await scene.custody.describe(id);
  return calls.find((call) => call.callId === callId)?.outcome ?? undefined;
}
