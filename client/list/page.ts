import { createHash } from 'node:crypto';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { CustodyError } from '../../protocol/errors.ts';
import type { Context } from '../context.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { lister } from '../temporal/lister.ts';
import type { ListOptions } from './list.ts';
import { queryOf } from './query.ts';
import { type SessionSummary, Summaries } from './summaries.ts';

/** Characters of a cursor, and bytes of the sum in it. */
const LONGEST = 8192;
const SUM = 8;

export interface PageOptions extends ListOptions {
  /** `next` of the page before; the first page where it is left out. */
  readonly cursor?: string | undefined;
}

/** A page of a list of sessions. */
export interface SessionPage {
  readonly sessions: readonly SessionSummary[];
  /** `cursor` of the next page; absent on the last. */
  readonly next?: string;
}

/** @throws CustodyError USAGE for a cursor that no page gave */
export async function pageOfSessions(
  context: Context,
  { cursor = '', limit = 100, ...filter }: PageOptions,
): Promise<SessionPage> {
  const { namespace } = context.client.options;
  const { options } = lister(context.client);
  const query = queryOf(filter);
  try {
    const { executions, nextPageToken } = await context.client.workflowService.listWorkflowExecutions({
      namespace,
      query,
      pageSize: limit,
      nextPageToken: tokenIn(cursor, query),
    });
    const summaries = new Summaries(context);
    const sessions: SessionSummary[] = [];
    for (const raw of executions ?? []) {
      const execution = await executionInfoFromRaw(raw, options.loadedDataConverter, raw, namespace);
      const summary = await summaries.of(execution);
      if (summary) sessions.push(summary);
    }
    return { sessions, ...(nextPageToken?.length ? { next: cursorOf(nextPageToken, query) } : {}) };
  } catch (error) {
    throw toCustodyError(error);
  }
}

/** Temporal's own, after a sum that tells that it is whole and of this list. */
const cursorOf = (token: Uint8Array, query: string): string =>
  Buffer.concat([sumOf(token, query), token]).toString('base64url');

function tokenIn(cursor: string, query: string): Uint8Array {
  if (cursor === '') return new Uint8Array();
  const bytes = Buffer.from(cursor.slice(0, LONGEST), 'base64url');
  const token = bytes.subarray(SUM);
  if (token.length > 0 && bytes.subarray(0, SUM).equals(sumOf(token, query))) return token;
  throw new CustodyError('USAGE', 'The cursor is none that a page of this list gave as its `next`.');
}

const sumOf = (token: Uint8Array, query: string): Buffer =>
  createHash('sha256').update(query).update('\0').update(token).digest().subarray(0, SUM);
