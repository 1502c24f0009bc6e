import type { Custody, SessionView } from '../../client/index.ts';
import { act } from './print.ts';

/** The prices of the demo, and what its session may spend, in USD. */
export const PRICES = { calls: { 'research.*': { call: 0.5 }, 'jobs.echo': { call: 3 } } };
export const COST = { budgetLimit: 5, costAlert: true };

/** An agent's model takes half of the budget; a call that the rest does not pay for waits until somebody adds to it. */
export async function spend(
  custody: Custody,
  id: string,
  until: (is: (view: SessionView) => boolean) => Promise<void>,
): Promise<void> {
  const session = custody.session(id);
  const usage = { model: 'some-model', inputTokens: 400_000, outputTokens: 20_000, microUsd: 2_000_000 };
  await session.record({ kind: 'usage', text: 'a long summary', usage });
  const dear = session.call('jobs.echo', { message: 'a dear call' }, { callId: 'dear' });
  await until(({ cause, money }) => cause === 'budget' && money?.missing?.callId === 'dear');
  act('custody top-up --by 2', 'by ann');
  await custody.as('ann').session(id).topUp('2', { reason: 'worth it' });
  const { outcome } = await dear;
  if (outcome !== 'succeeded') throw new Error(`The call that was paid for ended as ${outcome}.`);
}
