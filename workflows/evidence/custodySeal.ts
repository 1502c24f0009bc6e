import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import type { Listed } from '../../protocol/evidence/listed.ts';
import { type EvidenceOrder, type OrderReply, readOrder } from '../../protocol/evidence/orders.ts';
import { NOTHING_SEALED, type Sealed } from '../../protocol/evidence/sealed.ts';
import { evidenceQueue } from '../../protocol/workers/queues.ts';
import { LOOK, ORDER, SEAL } from '../descriptions.ts';
import { refusalIn } from '../effects/failures.ts';
import { HEARTBEAT_TIMEOUT } from '../effects/limits.ts';
import { lookSignal, orderUpdate, type SealInput, sealUpdate, sessionOfSeal } from '../messages.ts';
import { isLong } from '../sdk/isLong.ts';
import { LEAST, SOON, waitAfter } from './pace.ts';

const ON_A_LOG = {
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '2h',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '2s', maximumInterval: '1m', maximumAttempts: 10 },
} as const;

/**
 * Seals the records of one session: the only one who writes to its log. A store that is down is tried again for as long
 * as it takes; the memo `sealed` says how far the log is, and since when nothing could be added.
 */
export async function custodySeal(input: SealInput = {}): Promise<Sealed> {
  let { sealed = NOTHING_SEALED, listed } = input;
  let wanted = 1;
  let done = 0;
  let wait = SOON;
  setHandler(lookSignal, () => void (wanted += 1), { description: LOOK });
  setHandler(
    sealUpdate,
    async () => {
      const mine = (wanted += 1);
      await condition(() => done >= mine);
      return sealed;
    },
    { description: SEAL },
  );
  const orders: { readonly order: EvidenceOrder; reply?: OrderReply }[] = [];
  setHandler(
    orderUpdate,
    async (given) => {
      const mine: (typeof orders)[number] = { order: orderIn(given) };
      orders.push(mine);
      wanted += 1;
      await condition(() => mine.reply !== undefined);
      return mine.reply!;
    },
    { description: ORDER, validator: (given) => void orderIn(given) },
  );
  // The next run has not the memo of the one before on every server.
  if (input.sealed) upsertMemo({ sealed: input.sealed as never });
  for (;;) {
    const asked = wanted;
    // One after the other, and never while it is sealed.
    for (const each of orders.splice(0)) each.reply = await obey(each.order);
    const { listed: told, ...next } = await look(sealed, listed);
    if (isNews(sealed, next)) upsertMemo({ sealed: next as never });
    wait = waitAfter(wait, sealed, next, told);
    [sealed, listed, done] = [next, told, asked];
    const mayEnd = (sealed.isWhole && !sealed.unlisted) || isLong();
    if (mayEnd && wanted === asked) await condition(() => allHandlersFinished() || wanted > asked);
    if (mayEnd && wanted === asked) break;
    await condition(() => wanted > asked, wait);
    const early = sealed.at + LEAST - Date.now();
    if (early > 0) await sleep(early);
  }
  if (sealed.isWhole && !sealed.unlisted) return sealed;
  return makeContinueAsNewFunc<typeof custodySeal>({})({ sealed, ...(listed && { listed }) });
}

const isNews = (before: Sealed, now: Sealed): boolean =>
  now.size > before.size ||
  now.isWhole !== before.isWhole ||
  !now.failing !== !before.failing ||
  !now.unlisted !== !before.unlisted;

/** Seals what there is now. Never throws. */
async function look(
  { failing, ...sealed }: Sealed,
  listed: Listed | undefined,
): Promise<Sealed & Pick<SealInput, 'listed'>> {
  const { workflowId, taskQueue } = workflowInfo();
  const { sealRecords } = proxyActivities<Activities>({
    ...ON_A_LOG,
    taskQueue: evidenceQueue(taskQueue),
    summary: sealed.size === 0 ? 'seal its records' : `seal what came after record ${sealed.size - 1}`,
  });
  const { size, root } = sealed;
  const told = listed && { listed };
  try {
    const added = await sealRecords({ session: sessionOfSeal(workflowId), known: { size, root }, ...told });
    return { ...added, at: Date.now() };
  } catch (error) {
    const at = Date.now();
    return { ...sealed, ...told, at, failing: { ...refusalIn(error), since: failing?.since ?? at } };
  }
}

/** @throws ApplicationFailure MALFORMED_COMMAND */
function orderIn(given: unknown): EvidenceOrder {
  const { value, problems = [] } = readOrder(given);
  if (value) return value;
  const why = problems.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  throw ApplicationFailure.nonRetryable(`This is no order: ${why}.`.slice(0, 1000), 'MALFORMED_COMMAND');
}

/** Has a worker do it, which looks who it is. Never throws. */
async function obey(order: EvidenceOrder): Promise<OrderReply> {
  const { workflowId, taskQueue } = workflowInfo();
  const { obeyOrder } = proxyActivities<Activities>({
    ...ON_A_LOG,
    taskQueue: evidenceQueue(taskQueue),
    summary: `${order.act}: ${order.actor}`.slice(0, 200),
  });
  try {
    return { ok: true, done: await obeyOrder({ session: sessionOfSeal(workflowId), order }) };
  } catch (error) {
    return { ok: false, refusal: refusalIn(error) };
  }
}
