import type { Harness } from '../../support/harness.ts';

/** Each returns the id of a session that has ended. */
export interface Scenarios {
  readonly [name: string]: (harness: Harness) => Promise<string>;
}

export const running = async (harness: Harness, spec = {}, tuning = {}): Promise<string> => {
  const { id } = await harness.custody.start(harness.spec(spec), { tuning });
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};
