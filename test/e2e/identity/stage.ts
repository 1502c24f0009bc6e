import { afterAll, beforeAll } from 'vitest';
import type { Custody } from '../../../client/index.ts';
import { entryOf, type Somebody, somebody } from '../../support/identity/people.ts';
import { Harness } from '../../support/harness.ts';

/** A worker with a list of principals: ann operates, bot is an agent, eve only reads. */
export let stage: Harness;
export let ann: Somebody;
export let bot: Somebody;
export let eve: Somebody;

/** The list that the worker reads. */
export const write = (principals: object): Promise<void> => stage.write('principals.yaml', { principals });

export const everybody = (): object => ({
  ...entryOf(ann, ['operator', 'approver'], { person: 'ann.smith' }),
  ...entryOf(bot, ['agent']),
  ...entryOf(eve, ['auditor']),
});

/** The client of somebody who signs. */
export const as = (who: Somebody, name = who.name): Custody => stage.custody.as(name, { key: who.file });

export function setStage(profile: object = {}): void {
  beforeAll(async () => {
    [ann, bot, eve] = await Promise.all([somebody('ann'), somebody('bot'), somebody('eve')]);
    stage = await Harness.start({
      profile,
      config: { identity: { principals: 'principals.yaml' } },
      files: { 'principals.yaml': { principals: everybody() } },
    });
  });
  afterAll(() => stage?.stop());
}

/** A session that runs, started by somebody whose name is only claimed. */
export const running = (): Promise<string> => stage.running();

export async function timeline(id: string) {
  const entries = [];
  for await (const entry of stage.custody.session(id).watch({ follow: false })) entries.push(entry);
  return entries;
}
