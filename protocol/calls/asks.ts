import type { WorkerIdentity } from '../workers/worker.ts';
import { problemOfContent } from './forms.ts';
import { type ClientAsk, type Form, problemOfResult, type Question } from './questions.ts';
import { byteLength } from '../values/digest.ts';
import { isObject, type Json, type JsonObject } from '../values/json.ts';

/** What a server wants to know before it goes on with a call. */
export interface Asks {
  /** Forms, and what else it asks. */
  readonly forms: readonly Question[];
  /** Of several questions, the responses that are there already. */
  readonly given?: readonly Given[];
  /** The server's own state, which goes back to it unchanged (revision 2026-07-28). */
  readonly requestState?: string;
  /** Where the request is kept open in which the server asked (revisions up to 2025-11-25). */
  readonly held?: Held;
}

/**
 * A request that a worker keeps open in mid-call, until its server has the response. It dies with the worker's process.
 */
export interface Held {
  readonly worker: Pick<WorkerIdentity, 'name' | 'boot'>;
  readonly id: string;
}

/** A person's word on one form, or what a client answered. */
export type AskResponse =
  | { readonly action: 'accept'; readonly content: JsonObject }
  | { readonly action: 'accept'; readonly result: JsonObject }
  | { readonly action: 'decline' | 'cancel' };

/** The response to the question of this key. */
export interface Given {
  readonly key: string;
  readonly response: AskResponse;
}

/** What the next attempt of a call that was asked about goes on with. */
export interface Continuation {
  readonly responses: readonly Given[];
  readonly requestState?: string;
  readonly held?: Held;
  /** The session does not wait for a person any more: the forms are cancelled so that the server ends the call. */
  readonly withdrawn?: true;
}

/** Bytes of what a server asks, or of the responses to it, as they stand in the state of a session. */
export const askBytes = (value: Asks | Continuation): number => byteLength(JSON.stringify(value));

/** What of it has no response yet. */
export const openOf = ({ forms, given = [] }: Asks): readonly Question[] =>
  forms.filter(({ key }) => !given.some((each) => each.key === key));

type Read =
  { readonly ok: true; readonly responses: readonly Given[] } | { readonly ok: false; readonly problem: string };

/**
 * Reads what was answered to what is still open. One form takes its content as it is, `{action}` to decline or cancel,
 * or `{action: 'accept', content}`, and what a client is asked its result; several take an object of these by key, or
 * one `{action}` that declines or cancels all.
 *
 * @param inPart it is an object by key in any case, and need not have all keys
 */
export function readResponses(asks: Asks, given: JsonObject, inPart = false): Read {
  const open = openOf(asks);
  const [only] = open;
  if (!inPart && open.length === 1 && only) {
    const response = readResponse(only, given);
    return typeof response === 'string'
      ? { ok: false, problem: response }
      : { ok: true, responses: [{ key: only.key, response }] };
  }
  const all = inPart ? undefined : asAction(given);
  if (all && all.action !== 'accept') return { ok: true, responses: open.map(({ key }) => ({ key, response: all })) };
  const wanted = inPart ? open.filter(({ key }) => Object.hasOwn(given, key)) : open;
  const responses = wanted.map((question) => ({
    key: question.key,
    response: Object.hasOwn(given, question.key)
      ? readResponse(question, given[question.key])
      : `it has no response to '${question.key}'`,
  }));
  for (const { key, response } of responses)
    if (typeof response === 'string') return { ok: false, problem: `${key}: ${response}` };
  const extra = Object.keys(given).find((name) => !open.some(({ key }) => key === name));
  if (extra !== undefined)
    return { ok: false, problem: `'${extra}' was not asked; there are ${open.map(({ key }) => key).join(', ')}` };
  return responses.length > 0
    ? { ok: true, responses: responses as readonly Given[] }
    : { ok: false, problem: 'it has no response' };
}

/** The response to one question, or what is wrong with it. */
function readResponse(question: Question, given: Json | undefined): AskResponse | string {
  if (!isObject(given)) return 'a JSON object is needed';
  const action = asAction(given as JsonObject);
  if (action && action.action !== 'accept') return action;
  return 'kind' in question
    ? resultOf(question, given as JsonObject)
    : contentOf(question, action?.content ?? (given as JsonObject));
}

const contentOf = ({ schema }: Form, content: JsonObject): AskResponse | string =>
  problemOfContent(schema, content) ?? { action: 'accept', content };

const resultOf = ({ kind }: ClientAsk, result: JsonObject): AskResponse | string =>
  problemOfResult(kind, result) ?? { action: 'accept', result };

type Action = { readonly action: 'accept'; readonly content: JsonObject } | { readonly action: 'decline' | 'cancel' };

/** A response that is written out, if it is one. */
function asAction(given: JsonObject): Action | undefined {
  const { action, content, ...rest } = given;
  if (Object.keys(rest).length > 0) return undefined;
  if ((action === 'decline' || action === 'cancel') && content === undefined) return { action };
  return action === 'accept' && isObject(content) ? { action, content: content as JsonObject } : undefined;
}
