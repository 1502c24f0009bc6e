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
import type { Refusal } from '../../protocol/errors.ts';
import { type EvidenceOrder, type OrderReply, readOrder } from '../../protocol/evidence/orders.ts';
import { NOTHING_SEALED, type Sealed } from '../../protocol/evidence/sealed.ts';
import { evidenceQueue } from '../../protocol/workers/queues.ts';
import { LOOK, ORDER, SEAL } from '../descriptions.ts';
import { refusalIn } from '../effects/failures.ts';
import { HEARTBEAT_TIMEOUT } from '../effects/limits.ts';
import { lookSignal, orderUpdate, type SealInput, sealUpdate, sessionOfSeal } from '../messages.ts';
import { isLong } from '../sdk/isLong.ts';

const SECOND = 1000;
/** Between looks while there is something new, in milliseconds; without it twice as long each time, up to the most. */
const SOON = 60 * SECOND;
const MOST = 60 * SOON;
const MOST_FAILING = 10 * SOON;
/** Between looks, however often somebody says that there is something new. */
const LEAST = 2 * SECOND;

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
  for (;;) {
    const asked = wanted;
    // One after the other, and never while it is sealed.
    for (const each of orders.splice(0)) each.reply = await obey(each.order);
    const next = await look(sealed);
    const { at, size, isWhole } = next;
    const isNews = size > sealed.size || isWhole !== sealed.isWhole || !next.failing !== !sealed.failing;
    if (isNews) upsertMemo({ sealed: next as never });
    wait = size > sealed.size ? SOON : Math.min(2 * wait, next.failing ? MOST_FAILING : MOST);
    [sealed, done] = [next, asked];
    if (!next.failing && isDue(next, listed)) {
      const unlisted = await list(next);
      if (unlisted) sealed = { ...next, unlisted };
      else listed = { size, at, isWhole };
      if (unlisted) upsertMemo({ sealed: sealed as never });
    }
    if (size > (listed?.size ?? 0) && !next.failing) wait = Math.min(wait, untilDue(at, listed));
    const mayEnd = (isWhole && !sealed.unlisted) || isLong();
    if (mayEnd && wanted === asked) await condition(() => allHandlersFinished() || wanted > asked);
    if (mayEnd && wanted === asked) break;
    await sleep(LEAST);
    await condition(() => wanted > asked, wait - LEAST);
  }
  if (sealed.isWhole && !sealed.unlisted) return sealed;
  return makeContinueAsNewFunc<typeof custodySeal>({})({ sealed, ...(listed && { listed }) });
}

/** The log of the namespace has the first look, the last one, and one for each hour in which something was added. */
function isDue({ size, at, isWhole }: Sealed, listed: SealInput['listed']): boolean {
  if (size === 0) return false;
  if (!listed || isWhole !== listed.isWhole) return true;
  return size > listed.size && (isWhole || at - listed.at >= MOST);
}

const untilDue = (at: number, listed: SealInput['listed']): number => Math.max((listed?.at ?? at) + MOST - at, SOON);

/** Has the log of the namespace told; answers why not. Never throws. */
async function list({ size, root, at, isWhole }: Sealed): Promise<Refusal | undefined> {
  const { workflowId, taskQueue } = workflowInfo();
  const { listSealed } = proxyActivities<Activities>({
    taskQueue: evidenceQueue(taskQueue),
    startToCloseTimeout: '1m',
    scheduleToCloseTimeout: '10m',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    summary: 'tell the log of the namespace',
  });
  const leaf = { v: 1, kind: 'session', session: sessionOfSeal(workflowId), size, root, whole: isWhole } as const;
  try {
    await listSealed({ leaves: [{ ...leaf, at: new Date(at).toISOString() }] });
    return undefined;
  } catch (error) {
    return refusalIn(error);
  }
}

/** Seals what there is now. Never throws. */
async function look(sealed: Sealed): Promise<Sealed> {
  const { workflowId, taskQueue } = workflowInfo();
  const { sealRecords } = proxyActivities<Activities>({
    ...ON_A_LOG,
    taskQueue: evidenceQueue(taskQueue),
    summary: sealed.size === 0 ? 'seal its records' : `seal what came after record ${sealed.size - 1}`,
  });
  const { size, root } = sealed;
  const at = (): number => Date.now();
  try {
    const added = await sealRecords({ session: sessionOfSeal(workflowId), known: { size, root } });
    return { ...added, at: at() };
  } catch (error) {
    const since = sealed.failing?.since ?? at();
    return { ...sealed, at: at(), failing: { ...refusalIn(error), since } };
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
