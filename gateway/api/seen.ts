import type { ListOptions } from '../../client/list/list.ts';
import { type Caller, mayKnow } from '../auth/caller.ts';
import { notFound } from '../http/answered.ts';
import type { Asked } from './route.ts';

/** May a caller know of all sessions, and so of what is of them all? */
export const seesAll = ({ session, labels, roles }: Caller): boolean =>
  session === undefined && labels === undefined && roles.some((role) => role !== 'agent');

/** What is of sessions that the caller may know of. */
export async function onlySeen<T>(
  { caller, sees }: Asked,
  all: readonly T[],
  idOf: (each: T) => string,
): Promise<readonly T[]> {
  if (seesAll(caller)) return all;
  const ids = new Set(all.map(idOf));
  const seen = new Set<string>();
  for (const id of ids) if (await sees(id)) seen.add(id);
  return all.filter((each) => seen.has(idOf(each)));
}

/** By the session that it names. */
export const ofSession = ({ session }: { readonly session: string }): string => session;

/** The sessions that a caller asks about; undefined is all. @throws CustodyError SESSION_NOT_FOUND */
export async function sessionsFor(
  { caller, sees }: Asked,
  named: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  for (const id of named ?? []) if (!(await sees(id))) throw notFound(id);
  return named ?? (caller.session === undefined ? undefined : [caller.session]);
}

/** Sessions of a list that the caller may know of: the list itself where that is all of them. */
export async function seenIn({ caller, custody }: Asked, list: ListOptions): Promise<ListOptions | readonly string[]> {
  if (seesAll(caller)) return list;
  const ids: string[] = [];
  for await (const each of custody.list(list)) if (mayKnow(caller, each.id, each)) ids.push(each.id);
  return ids;
}
