import { lister } from '../temporal/lister.ts';
import { toCustodyError } from '../temporal/errors.ts';
import type { Context } from '../context.ts';
import { type Filter, queryOf } from './query.ts';
import { type SessionSummary, Summaries } from './summaries.ts';

export type { SessionSummary } from './summaries.ts';

export interface ListOptions extends Filter {
  /** At most so many, the newest first. Default 100. */
  readonly limit?: number | undefined;
}

export async function* listSessions(
  context: Context,
  { limit = 100, ...filter }: ListOptions,
): AsyncGenerator<SessionSummary> {
  let left = limit;
  const summaries = new Summaries(context);
  try {
    for await (const execution of lister(context.client).list({ query: queryOf(filter) })) {
      if (left <= 0) return;
      const summary = await summaries.of(execution);
      if (!summary) continue;
      left -= 1;
      yield summary;
    }
  } catch (error) {
    throw toCustodyError(error);
  }
}

/** The ids alone. */
export async function idsIn(context: Context, options: ListOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of listSessions(context, options)) ids.push(id);
  return ids;
}
