import type { WorkerIdentity } from '../workers/worker.ts';
import { problemOfContent } from './forms.ts';
import { byteLength } from '../values/digest.ts';
import { isObject, type Json, type JsonObject } from '../values/json.ts';

/**
 * A form that a server wants a person to fill in: MCP's elicitation, mode `form`. Text of the server, not to be
 * trusted.
 */
export interface Form {
  /** The server's name for it, which the response goes back under. */
  readonly key: string;
  readonly message: string;
  /** A flat JSON Schema: an object of texts, numbers, booleans and choices. */
  readonly schema: JsonObject;
}

/** What a server wants to know before it goes on with a call. */
export interface Asks {
  readonly forms: readonly Form[];
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

/** A person's word on one form. */
export type FormResponse =
  { readonly action: 'accept'; readonly content: JsonObject } | { readonly action: 'decline' | 'cancel' };

/** What the next attempt of a call that was asked about goes on with. */
export interface Continuation {
  readonly responses: readonly { readonly key: string; readonly response: FormResponse }[];
  readonly requestState?: string;
  readonly held?: Held;
  /** The session does not wait for a person any more: the forms are cancelled so that the server ends the call. */
  readonly withdrawn?: true;
}

/** Bytes of what a server asks, or of the responses to it, as they stand in the state of a session. */
export const askBytes = (value: Asks | Continuation): number => byteLength(JSON.stringify(value));

type Read =
  | { readonly ok: true; readonly responses: Continuation['responses'] }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads what a person answered. One form takes its content as it is, `{action}` to decline or cancel, or
 * `{action: 'accept', content}`; several take an object of these by key, or one `{action}` that declines or cancels
 * all.
 */
export function readResponses({ forms }: Asks, given: JsonObject): Read {
  const [only] = forms;
  if (forms.length === 1 && only) {
    const response = readResponse(only, given);
    return typeof response === 'string'
      ? { ok: false, problem: response }
      : { ok: true, responses: [{ key: only.key, response }] };
  }
  const all = asAction(given);
  if (all && all.action !== 'accept') return { ok: true, responses: forms.map(({ key }) => ({ key, response: all })) };
  const responses = forms.map((form) => ({
    key: form.key,
    response: Object.hasOwn(given, form.key)
      ? readResponse(form, given[form.key])
      : `it has no response to '${form.key}'`,
  }));
  for (const { key, response } of responses)
    if (typeof response === 'string') return { ok: false, problem: `${key}: ${response}` };
  const extra = Object.keys(given).find((name) => !forms.some(({ key }) => key === name));
  if (extra !== undefined)
    return { ok: false, problem: `'${extra}' was not asked; there are ${forms.map(({ key }) => key).join(', ')}` };
  return { ok: true, responses: responses as Continuation['responses'] };
}

/** The response to one form, or what is wrong with it. */
function readResponse({ schema }: Form, given: Json | undefined): FormResponse | string {
  if (!isObject(given)) return 'a JSON object is needed';
  const action = asAction(given as JsonObject);
  if (action && action.action !== 'accept') return action;
  const content = action?.content ?? (given as JsonObject);
  return problemOfContent(schema, content) ?? { action: 'accept', content };
}

/** A response that is written out, if it is one. */
function asAction(given: JsonObject): FormResponse | undefined {
  const { action, content, ...rest } = given;
  if (Object.keys(rest).length > 0) return undefined;
  if ((action === 'decline' || action === 'cancel') && content === undefined) return { action };
  return action === 'accept' && isObject(content) ? { action, content: content as JsonObject } : undefined;
}
