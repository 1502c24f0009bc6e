import { temporal } from '@temporalio/proto';
import { afterAll, beforeAll } from 'vitest';
import { historyOf } from '../../../client/temporal/history.ts';
import type { Answer } from '../../../protocol/calls/call.ts';
import type { Ref } from '../../../protocol/values/payload.ts';
import { FolderStore } from '../../../store/folder.ts';
import { Harness } from '../../support/harness.ts';

export const KIB = 1024;
export const MIB = 1024 * KIB;
/** What stands around the text of a result. */
export const RESULT_FRAME = '{"content":[{"text":"","type":"text"}]}'.length;

export let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

export const running = (spec = {}): Promise<string> => harness.running(spec);

export const textIn = ({ result }: Answer): string =>
  result && 'content' in result ? ((result.content as { text: string }[])[0]?.text ?? '') : '';

export const begun = (id: string) =>
  harness.journal().filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey?.startsWith(`${id}/`));

/** Bytes of the largest event in the history of a session, over all its runs. */
export async function largestEvent(id: string): Promise<number> {
  let largest = 0;
  for await (const { event } of historyOf(harness.custody.temporal, id, false))
    largest = Math.max(largest, temporal.api.history.v1.HistoryEvent.encode(event).finish().length);
  return largest;
}

/** A reference that a history shows, and what the store has for it. */
export const stored = (ref: Ref) => (harness.custody.payloads as FolderStore).get(ref);
