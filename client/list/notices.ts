import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NoticeKind } from '../../protocol/notices/kinds.ts';
import { parseShown } from '../../protocol/notices/shown.ts';
import { NOTICES_TYPE, noticesId, sessionOfNotices } from '../../workflows/messages.ts';
import type { Context } from '../context.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { lister } from '../temporal/lister.ts';
import { quoted } from '../temporal/quoted.ts';
import { askAll } from './askAll.ts';

export interface NoticesOptions {
  /** Of this session alone. */
  readonly session?: string | undefined;
  /** Only those that were given up. */
  readonly failed?: boolean | undefined;
  /** Of at most so many sessions, those whose last notices are the newest. Default 1000. */
  readonly limit?: number | undefined;
}

/** A notice at one of its destinations. */
export interface NoticeView {
  readonly session: string;
  /** Number of its record in the session. */
  readonly record: string;
  readonly kind: NoticeKind;
  /** Name of the destination. */
  readonly to: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** When its record was made; and when it was delivered or given up, null while it waits. */
  readonly at: string;
  readonly settledAt: string | null;
  /** Of one that is tried again and again: how often it was tried. */
  readonly attempts: number;
  /** What the last try failed of; null where none did. */
  readonly code: ErrorCode | null;
  readonly why: string | null;
}

/**
 * What became of notices: the last delivered ones of each session, those that were given up, and those that wait. From
 * Temporal's visibility, some moments behind, and without any worker.
 */
export async function noticesOf(
  context: Context,
  { session, failed = false, limit = 1000 }: NoticesOptions = {},
): Promise<readonly NoticeView[]> {
  const query = [
    `WorkflowType = ${quoted(NOTICES_TYPE)}`,
    // Named, as they are in no list otherwise.
    `(TemporalNamespaceDivision = 'custody' OR TemporalNamespaceDivision IS NULL)`,
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...(session === undefined ? [] : [`WorkflowId = ${quoted(noticesId(session))}`]),
  ].join(' AND ');
  const found: WorkflowExecutionInfo[] = [];
  try {
    for await (const each of lister(context.client).list({ query })) if (found.push(each) >= limit) break;
  } catch (error) {
    throw toCustodyError(error);
  }
  const open = found.filter((each) => each.status.name === 'RUNNING' && parseShown(each.memo?.notices)?.left);
  const { answers } = await askAll(
    failed ? [] : open.map(({ workflowId }) => workflowId),
    async (id) => [id, await triesOf(context, id)] as const,
  );
  const tries = new Map(answers);
  const views = found.flatMap((each) => viewsIn(each, tries.get(each.workflowId)));
  const wanted = failed ? views.filter(({ state }) => state === 'failed') : views;
  return wanted.toSorted(
    (a, b) =>
      a.at.localeCompare(b.at) ||
      a.session.localeCompare(b.session) ||
      a.record.localeCompare(b.record, 'en', { numeric: true }),
  );
}

/** The last failure of each delivery that is under way, by destination and notice. */
type Tries = ReadonlyMap<string, { readonly attempts: number; readonly why: string | null }>;

async function triesOf({ client }: Context, workflowId: string): Promise<Tries> {
  const { raw } = await lister(client).getHandle(workflowId).describe();
  const converter = client.options.loadedDataConverter;
  const tries = (raw.pendingActivities ?? []).map(async ({ activityId, attempt, lastFailure }) => {
    const error = await decodeOptionalFailureToOptionalError(converter, lastFailure).catch(() => undefined);
    return [activityId ?? '', { attempts: attempt ?? 0, why: error?.message ?? null }] as const;
  });
  return new Map(await Promise.all(tries));
}

function viewsIn({ workflowId, status, memo }: WorkflowExecutionInfo, tries: Tries | undefined): NoticeView[] {
  const shown = parseShown(memo?.notices);
  if (!shown) return [];
  const session = sessionOfNotices(workflowId);
  const of = ({ to, key, kind, at }: (typeof shown.waiting)[number]) => ({
    session,
    record: key,
    kind,
    to,
    at: iso(at),
    settledAt: null,
    attempts: 0,
    code: null,
    why: null,
  });
  const isOpen = status.name === 'RUNNING';
  const lost = {
    state: 'failed',
    code: 'NOTICE_NOT_DELIVERED',
    why: `the workflow that delivers it was ended in Temporal (${status.name})`,
  } as const;
  return [
    ...shown.waiting.map((each): NoticeView => {
      const { attempts = 0, why = null } = tries?.get(`${each.to}/${each.key}`) ?? {};
      return { ...of(each), attempts, why, state: 'waiting', ...(isOpen ? {} : lost) };
    }),
    ...shown.delivered.map((each): NoticeView => ({ ...of(each), state: 'delivered', settledAt: iso(each.settledAt) })),
    ...shown.failed.map((each): NoticeView => {
      const { code, why, settledAt } = each;
      return { ...of(each), state: 'failed', settledAt: iso(settledAt), code, why };
    }),
  ];
}

const iso = (at: number): string => new Date(at).toISOString();
