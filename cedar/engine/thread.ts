import type { AuthorizationAnswer, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';

/** Rules by id, by the name of their set. */
export type Sets = ReadonlyMap<string, Readonly<Record<string, string>>>;

export interface ThreadData {
  /** Where Cedar is. */
  readonly cedar: string;
  readonly sets: Sets;
}

/** What a thread is asked; there is no answer to `prepare`. */
export type Request =
  | { readonly type: 'prepare'; readonly set: string; readonly rules: Readonly<Record<string, string>> }
  | { readonly type: 'ask'; readonly call: StatefulAuthorizationCall };

export type Answer =
  { readonly type: 'ready' } | AuthorizationAnswer | { readonly type: 'error'; readonly why: string };

/**
 * What the thread does. It is started from the text of this function, so that it runs from sources as well: it uses
 * nothing from around it.
 */
export function serve(): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const { cedar: path, sets } = workerData as ThreadData;
  const cedar = require(path) as typeof import('@cedar-policy/cedar-wasm/nodejs');
  const say = (answer: Answer): void => parentPort?.postMessage(answer);
  for (const [set, rules] of sets) cedar.preparsePolicySet(set, { staticPolicies: { ...rules } });
  parentPort?.on('message', (request: Request) => {
    try {
      if (request.type === 'ask') say(cedar.statefulIsAuthorized(request.call));
      else cedar.preparsePolicySet(request.set, { staticPolicies: { ...request.rules } });
    } catch (error) {
      say({ type: 'error', why: String(error) });
    }
  });
  say({ type: 'ready' });
}
