import { sha256Hex } from '../../protocol/values/digest.ts';

/** What stands in a bundle, by path. */
export const CHECKPOINT = 'checkpoint';
/** The answer of a time stamping authority (RFC 3161) for the checkpoint. */
export const TIMESTAMP = 'checkpoint.tsr';
export const MANIFEST = 'MANIFEST';
/** The key of `private/`, in base64; absent where it was erased or is withheld. */
export const SESSION_KEY = 'session.key';

export const PRIVATE = 'private/';
export const OPENINGS = `${PRIVATE}openings/`;
export const HISTORIES = `${PRIVATE}histories/`;
export const VALUES = `${PRIVATE}values/`;
export const DOCUMENTS = 'documents/';

/** Openings of so many leaves at most stand in one file. */
export const MOST_OPENINGS = 256;

export const openingsPath = (first: number, count: number): string => `${OPENINGS}${first}-${count}`;
export const historyPath = (run: string): string => `${HISTORIES}${run}`;
export const valuePath = (sha256: string): string => `${VALUES}${sha256}`;
export const documentPath = (sha256: string): string => `${DOCUMENTS}${sha256}.json`;

/** The first leaf whose opening a file has, and how many it has; undefined for another path. */
export function openingsIn(path: string): { readonly first: number; readonly count: number } | undefined {
  const [, first, count] = /^private\/openings\/(0|[1-9]\d{0,14})-([1-9]\d{0,2})$/.exec(path) ?? [];
  if (first === undefined || Number(count) > MOST_OPENINGS) return undefined;
  return { first: Number(first), count: Number(count) };
}

/** Which log a checkpoint is of: that of one session in one namespace of Temporal. */
export const originOf = (namespace: string, session: string): string =>
  `custody/${encodeURIComponent(namespace)}/${encodeURIComponent(session)}`;

/** The folder of a session in an archive: its id, where that can be a path of evidence, or the hash of it. */
export const folderOf = (namespace: string, session: string): string =>
  `${sessionsFolder(namespace)}/${named(session)}`;

/** The folder of all sessions of a namespace in an archive. */
export const sessionsFolder = (namespace: string): string => `${named(namespace)}/sessions`;

/** The log of a namespace and task queue. An origin of a session has no part more than these two. */
export const namespaceOriginOf = (namespace: string, taskQueue: string): string =>
  `custody/${encodeURIComponent(namespace)}/log/${encodeURIComponent(taskQueue)}`;

/** The folder of the log of a namespace and task queue in an archive. */
export const namespaceFolderOf = (namespace: string, taskQueue: string): string =>
  `${named(namespace)}/log/${named(taskQueue)}`;

/** The namespace that an origin names, where it is that of a log of a namespace. */
export function namespaceIn(origin: string): string | undefined {
  const [, namespace] = /^custody\/([^/]+)\/log\/[^/]+$/.exec(origin) ?? [];
  try {
    return namespace === undefined ? undefined : decodeURIComponent(namespace);
  } catch {
    return undefined;
  }
}

/** The name of the folder of a session, beside those of others. */
export const sessionFolderName = (session: string): string => named(session);

const named = (name: string): string => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) ? name : `_${sha256Hex(name)}`);
