import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import * as z from 'zod/mini';
import { LOG_LEVELS } from '../../protocol/calls/said.ts';
import { check, formatPath, type Problem, type Schema } from '../../protocol/values/check.ts';
import { isObject } from '../../protocol/values/json.ts';

/**
 * What MCP's schema says of the requests that are served, as far as it decides whether one can be answered: the SDK
 * leaves a request without a response whose frame it cannot read, and calls wrong parameters an internal error.
 */

const anything = z.looseObject({});
const id = z.union([z.string(), z.int()], 'must be text or an integer that JavaScript does not change');

const meta = z.looseObject({ progressToken: z.optional(id) }, 'must be an object');
const frame = {
  jsonrpc: z.literal('2.0', 'must be "2.0"'),
  method: z.string('must be text'),
  params: z.optional(z.looseObject({ _meta: z.optional(meta) }, 'must be an object')),
};
const REQUEST = z.looseObject({ ...frame, id });
const NOTIFICATION = z.looseObject(frame);
const failure = z.looseObject({ code: z.int(), message: z.string() }, 'must have a code and a message');
const RESPONSE = z.union(
  [
    z.looseObject({ jsonrpc: frame.jsonrpc, id, result: anything, error: z.optional(z.undefined()) }),
    z.looseObject({ jsonrpc: frame.jsonrpc, id, error: failure, result: z.optional(z.undefined()) }),
  ],
  'must have "jsonrpc":"2.0", an id, and either a result or an error with code and message',
);

const page = z.looseObject({ cursor: z.optional(z.string()) });
const texts = z.record(z.string(), z.string());
const reference = z.union(
  [
    z.looseObject({ type: z.literal('ref/prompt'), name: z.string() }),
    z.looseObject({ type: z.literal('ref/resource'), uri: z.string() }),
  ],
  'must be { "type": "ref/prompt", "name" } or { "type": "ref/resource", "uri" }',
);

const PARAMS: { readonly [method: string]: Schema<unknown> } = {
  initialize: z.looseObject({
    protocolVersion: z.string(),
    capabilities: anything,
    clientInfo: z.looseObject({ name: z.string(), version: z.string() }),
  }),
  'tools/list': page,
  'prompts/list': page,
  'resources/list': page,
  'resources/templates/list': page,
  'tools/call': z.looseObject({ name: z.string(), arguments: z.optional(anything) }),
  'prompts/get': z.looseObject({ name: z.string(), arguments: z.optional(texts) }),
  'resources/read': z.looseObject({ uri: z.string() }),
  'resources/subscribe': z.looseObject({ uri: z.string() }),
  'resources/unsubscribe': z.looseObject({ uri: z.string() }),
  'logging/setLevel': z.looseObject({ level: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`) }),
  'tasks/get': z.looseObject({ taskId: z.string() }),
  'tasks/update': z.looseObject({ taskId: z.string(), inputResponses: anything }),
  'tasks/cancel': z.looseObject({ taskId: z.string() }),
  'completion/complete': z.looseObject({
    ref: reference,
    argument: z.looseObject({ name: z.string(), value: z.string() }),
    context: z.optional(z.looseObject({ arguments: z.optional(texts) })),
  }),
};

export interface Fault {
  /** Is the frame right, and what it holds is not? */
  readonly isInParams: boolean;
  readonly problem: string;
}

/** What keeps a request from being served; undefined for a good one. */
export function faultOfRequest(message: Record<string, unknown>): Fault | undefined {
  const [problem] = check(REQUEST, message).problems ?? [];
  if (problem) return { isInParams: problem.path[0] === 'params', problem: inWords(problem) };
  const method = message['method'] as string;
  const schema = Object.hasOwn(PARAMS, method) && !isUnknownTo(message) ? PARAMS[method] : undefined;
  const [wrong] = (schema && check(schema, message['params'] ?? {}).problems) ?? [];
  return wrong && { isInParams: true, problem: inWords(wrong, 'params') };
}

const REMOVED: ReadonlySet<unknown> = new Set([
  'initialize',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
]);

/** Revisions since 2026-07-28, which requests name themselves, do not have these methods: the SDK says so. */
const isUnknownTo = ({ method, params }: Record<string, unknown>): boolean =>
  REMOVED.has(method) && isObject(params) && isObject(params['_meta']) && PROTOCOL_VERSION_META_KEY in params['_meta'];

/** What keeps a notification from being heard; undefined for a good one. */
export const faultOfNotification = (message: Record<string, unknown>): string | undefined =>
  problemOf(NOTIFICATION, message);

/** What keeps a response from being read; undefined for a good one. */
export const faultOfResponse = (message: Record<string, unknown>): string | undefined => problemOf(RESPONSE, message);

/** Does a message expect a response? One that says of which request it is expects none. */
export const isRequest = (message: unknown): boolean =>
  isObject(message) && 'id' in message && !('result' in message) && !('error' in message);

function problemOf(schema: Schema<unknown>, message: unknown): string | undefined {
  const [problem] = check(schema, message).problems ?? [];
  return problem && inWords(problem);
}

const inWords = ({ path, message }: Problem, ...at: string[]): string => {
  const where = formatPath([...at, ...path]);
  return where === '' ? `the message ${message}` : `${where} ${message}`;
};
