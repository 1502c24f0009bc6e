import { noticesId } from '../../../workflows/messages.ts';
import type { Harness } from '../../support/harness.ts';
import { SECRET_VARIABLE } from '../../support/notices/place.ts';
import { Receiver } from '../../support/notices/receiver.ts';
import { until } from '../../support/until.ts';
import { running, type Scenarios } from './running.ts';

const URL_VARIABLE = 'NOTICES_TEST_URL';

/** The receiver is there once its scenario plays. */
export const SENT_TO = { url: { fromEnv: URL_VARIABLE }, secret: { fromEnv: SECRET_VARIABLE }, allowPrivate: true };

/**
 * Plays a session whose notices go to a receiver that answers with these statuses, and then takes all.
 * @param notices so many are waited for, until all are settled
 */
export async function receiving(
  harness: Harness,
  answers: readonly number[],
  notices: number,
  play: () => Promise<string>,
): Promise<string> {
  const statuses = [...answers];
  const receiver = await Receiver.start(() => statuses.shift() ?? 204, { 'retry-after': '1' });
  process.env[URL_VARIABLE] = receiver.url;
  const id = await play();
  const settled = (await until('all are settled', async () => {
    const sent = await harness.custody.notices({ session: id });
    return sent.length >= notices && sent.every(({ state }) => state !== 'waiting') && id;
  })) as string;
  await receiver.stop();
  return settled;
}

/** A session with two notices and its end; the receiver refuses the first, and cannot take the second at once. */
const sent = (harness: Harness): Promise<string> =>
  receiving(harness, [410, 503], 3, async () => {
    const id = await running(harness, { overrides: { cost: { budgetLimit: 1 } } });
    const session = harness.custody.session(id);
    const usage = { model: 'm', inputTokens: 0, outputTokens: 0, microUsd: 300_000 };
    for (const text of ['one', 'two']) await session.record({ kind: 'usage', text, usage });
    await session.record({ kind: 'usage', text: 'three', usage });
    await session.complete();
    await session.wait();
    return id;
  });

export const NOTICES: Scenarios = {
  notices: sent,
  /** How the notices of such a session are delivered. */
  'notices-delivered': async (harness) => noticesId(await sent(harness)),
};
