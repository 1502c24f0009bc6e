import type { SessionHandle } from '../../../client/index.ts';
import { Harness, type HarnessOptions } from '../harness.ts';
import { type Answer, Receiver, SECRET } from './receiver.ts';

export const SECRET_VARIABLE = 'NOTICES_TEST_SECRET';
process.env[SECRET_VARIABLE] = SECRET;

/** A profile with an alert at each of these shares of a budget of 100 USD, which is a notice. */
export const alertingAt = (...costAlert: readonly number[]) => ({
  cost: { auditCost: 0, executionCost: 0, complianceCost: 0, budgetLimit: 100, costAlert },
  onCostAlert: { notify: true, audit: false },
});

/** Has a session spend so much that alerts are due. */
export const spend = (session: SessionHandle, usd: number) =>
  session.record({
    kind: 'usage',
    text: 'model',
    usage: { model: 'x', inputTokens: 0, outputTokens: 0, microUsd: usd * 1_000_000 },
  });

/** A destination in custody.yaml that reaches a receiver of a test. */
export const reaching = (receiver: Receiver) => ({
  url: receiver.url,
  secret: { fromEnv: SECRET_VARIABLE },
  allowPrivate: true,
});

export interface PlaceOptions {
  readonly answer?: Answer;
  /** Of its answers. */
  readonly headers?: Record<string, string>;
  /** More destinations. */
  readonly more?: object;
  readonly harness?: HarnessOptions;
}

/** A worker with a receiver for its notices, and a session that runs. */
export interface Place {
  readonly harness: Harness;
  readonly receiver: Receiver;
  readonly session: SessionHandle;
}

/** @param ends called with what ends it */
export async function openPlace(ends: (end: () => Promise<void>) => void, options: PlaceOptions = {}): Promise<Place> {
  const receiver = await Receiver.start(options.answer, options.headers);
  const harness = await Harness.start({
    profile: alertingAt(10, 20, 30, 40, 50),
    config: { notices: { to: { ops: reaching(receiver), ...options.more } } },
    ...options.harness,
  });
  ends(async () => {
    await harness.stop();
    await receiver.stop();
  });
  return { harness, receiver, session: harness.custody.session(await harness.running()) };
}
