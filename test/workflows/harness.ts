import { afterAll, beforeAll } from 'vitest';
import { Harness } from '../support/harness.ts';

/** A Temporal and a worker for the tests of one file. */
export let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

/** The id of a session that runs. */
export async function running(spec = {}, options = {}): Promise<string> {
  const { id } = await harness.custody.start(harness.spec(spec), options);
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
}

/** The records of a session so far. */
export async function timeline(id: string) {
  const entries = [];
  for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
  return entries;
}
