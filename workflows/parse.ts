import { type AgentRecord, RECORD_KINDS, type RecordKind, USAGE_KEYS } from '../protocol/agent.ts';
import { type Method, METHODS, OWN_CALL_ID, type ReadMethod } from '../protocol/call.ts';
import type { By, OutsideCommand, OutsideName, Resolution } from '../session/commands.ts';
import { NO_REASON, RESERVED_ACTORS, RESOLUTIONS } from '../session/commands.ts';
import { parseDuration } from '../protocol/values/duration.ts';
import { byteLength } from '../protocol/values/digest.ts';
import { LIMITS } from '../protocol/limits.ts';
import { isObject, type Json, type JsonObject, problemOfJson } from '../protocol/values/json.ts';
import { isRef } from '../protocol/values/payload.ts';

/** The mark that the payload converter leaves where it cannot decode (payloadConverter.ts). */
export const UNDECODABLE = 'custody/undecodable';

export type Parsed =
  | { readonly ok: true; readonly command: OutsideCommand }
  | { readonly ok: false; readonly problem: string; readonly by: By };

const MAX_TEXT = 2000;
/** Names of people, commands, calls, servers and tools: a session carries many of them. */
const MAX_NAME = 200;

/**
 * Reads what came with a signal or an update. Hostile until it is read: any value is possible.
 *
 * @param fallbackId the command id of a message that has none
 */
export function parseCommand(name: OutsideName, input: unknown, fallbackId: string): Parsed {
  const fields = input === undefined || input === null ? {} : input;
  const by: By = {
    actor: nameIn(isObject(fields) ? fields.actor : undefined) ?? 'unknown',
    reason: text(isObject(fields) ? fields.reason : undefined) ?? NO_REASON,
    commandId: nameIn(isObject(fields) ? fields.commandId : undefined) ?? fallbackId,
  };
  const bad = (problem: string): Parsed => ({ ok: false, problem: `${name}: ${problem}`, by });
  if (!isObject(fields))
    return bad(
      `the input is ${Array.isArray(fields) ? 'a list' : `a ${typeof fields}`}, and a JSON object with actor and reason is needed`,
    );
  if (UNDECODABLE in fields)
    return bad(
      `the input cannot be decoded${typeof fields[UNDECODABLE] === 'string' ? ` (${fields[UNDECODABLE].slice(0, 200)})` : ''}`,
    );
  for (const field of ['actor', 'commandId'] as const) {
    if (fields[field] !== undefined && nameIn(fields[field]) === undefined)
      return bad(`'${field}' must be a text of 1 to ${MAX_NAME} characters`);
  }
  if (fields.reason !== undefined && text(fields.reason) === undefined)
    return bad(`'reason' must be a text of 1 to ${MAX_TEXT} characters`);
  if (RESERVED_ACTORS.includes(by.actor))
    return bad(
      `the actor '${by.actor}' is what the records call the ${by.actor === 'custody' ? 'session itself' : "cancel of Temporal's own"}; take another name`,
    );
  const good = (command: OutsideCommand): Parsed => ({ ok: true, command });
  switch (name) {
    case 'pause':
    case 'complete':
    case 'cancel':
      return good({ type: name, by });
    case 'resume':
      if (fields.acceptChanges !== undefined && typeof fields.acceptChanges !== 'boolean')
        return bad("'acceptChanges' must be true or false");
      return good({ type: 'resume', by, acceptChanges: fields.acceptChanges === true });
    case 'checkpoint': {
      const checkpoint = nameIn(fields.name);
      return checkpoint === undefined
        ? bad("'name' must be the name of the checkpoint")
        : good({ type: 'checkpoint', by, name: checkpoint });
    }
    case 'rollback':
      if (fields.to !== undefined && fields.to !== null && nameIn(fields.to) === undefined)
        return bad("'to' must be the name of a checkpoint");
      return good({ type: 'rollback', by, to: nameIn(fields.to) ?? null });
    case 'extend': {
      const ms = typeof fields.by === 'string' ? parseDuration(fields.by) : undefined;
      return ms === undefined || ms === 0
        ? bad("'by' must be a duration such as 2h or 30m")
        : good({ type: 'extend', by, ms });
    }
    case 'resolve': {
      const callId = nameIn(fields.callId);
      if (callId === undefined) return bad("'callId' must name the call");
      if (!RESOLUTIONS.includes(fields.as as Resolution)) return bad(`'as' must be one of ${RESOLUTIONS.join(', ')}`);
      return good({ type: 'resolve', by, callId, as: fields.as as Resolution });
    }
    case 'respond': {
      const callId = nameIn(fields.callId);
      if (callId === undefined) return bad("'callId' must name the call");
      if (!isObject(fields.with))
        return bad('\'with\' must be a JSON object: the fields that were asked for, or {"action":"decline"}');
      return good({ type: 'respond', by, callId, with: fields.with as JsonObject });
    }
    case 'attach':
    case 'heartbeat':
      return good({ type: name, by });
    case 'saveState': {
      const { state, stateRef } = fields;
      if ((state === undefined) === (stateRef === undefined))
        return bad("either 'state' must be a JSON value, or 'stateRef' a reference to one in the payload store");
      if (stateRef !== undefined)
        return isRef(stateRef)
          ? good({ type: 'saveState', by, saved: { ref: stateRef } })
          : bad("'stateRef' must be a reference { sha256, bytes, preview }");
      const problem = problemOfJson(state);
      return problem
        ? bad(`'state' cannot be taken: ${problem}`)
        : good({ type: 'saveState', by, saved: { value: state as Json } });
    }
    case 'record':
      return readRecord(fields, good, bad, by);
    case 'call': {
      const [callId, server, tool] = [nameIn(fields.callId), nameIn(fields.server), nameIn(fields.tool)];
      if (callId === undefined || server === undefined || tool === undefined)
        return bad("'callId', 'server' and 'tool' must be texts of 1 to 200 characters");
      if (OWN_CALL_ID.test(callId))
        return bad("call ids that begin with 'plan/', 'plan~' and 'undo/' belong to the session itself");
      if (fields.args !== undefined && !isObject(fields.args)) return bad("'args' must be a JSON object");
      const { method, args, argsRef } = fields;
      if (method !== undefined && !METHODS.includes(method as Method))
        return bad(`'method' must be one of ${METHODS.join(', ')}`);
      if (argsRef !== undefined && !(isRef(argsRef) && args === undefined))
        return bad("'argsRef' must be a reference { sha256, bytes, preview }, without 'args' beside it");
      const large = argsRef === undefined ? {} : { argsRef };
      const read = method === undefined || method === 'tools/call' ? {} : { method: method as ReadMethod };
      return good({
        type: 'call',
        by,
        request: { callId, server, tool, args: (args ?? {}) as JsonObject, ...large, ...read },
      });
    }
    default:
      return name satisfies never;
  }
}

function readRecord(
  fields: Record<string, unknown>,
  good: (command: OutsideCommand) => Parsed,
  bad: (problem: string) => Parsed,
  by: By,
): Parsed {
  const { kind, data, usage } = fields;
  const said = text(fields.text);
  if (!RECORD_KINDS.includes(kind as RecordKind)) return bad(`'kind' must be one of ${RECORD_KINDS.join(', ')}`);
  if (said === undefined) return bad(`'text' must be a text of 1 to ${MAX_TEXT} characters`);
  const problem = data === undefined ? undefined : problemOfJson(data);
  if (problem) return bad(`'data' cannot be taken: ${problem}`);
  if (data !== undefined && byteLength(JSON.stringify(data)) > LIMITS.recordBytes)
    return bad(`'data' must be at most ${LIMITS.recordBytes} bytes as JSON`);
  if (usage === undefined && kind === 'usage') return bad("a record of kind 'usage' needs 'usage'");
  if (usage !== undefined && !isUsage(usage))
    return bad("'usage' must be { model, inputTokens, outputTokens, microUsd }: a name and whole numbers from 0 on");
  const rest = { ...(data === undefined ? {} : { data: data as Json }), ...(usage === undefined ? {} : { usage }) };
  return good({ type: 'record', by, entry: { kind: kind as RecordKind, text: said, ...rest } });
}

const isUsage = (value: unknown): value is NonNullable<AgentRecord['usage']> =>
  isObject(value) &&
  nameIn(value.model) !== undefined &&
  Object.keys(value).length === USAGE_KEYS.length + 1 &&
  USAGE_KEYS.every((key) => Number.isSafeInteger(value[key]) && (value[key] as number) >= 0);

/** What a fork tells its parent. Undefined for anything else: anybody can send it. */
export function parseForked(
  input: unknown,
): { readonly fork: string; readonly at: string; readonly actor: string; readonly reason: string } | undefined {
  if (!isObject(input)) return undefined;
  const [fork, at, actor] = [nameIn(input.fork), nameIn(input.at), nameIn(input.actor)];
  if (fork === undefined || at === undefined || actor === undefined || RESERVED_ACTORS.includes(actor))
    return undefined;
  return { fork, at, actor, reason: text(input.reason) ?? '' };
}

/** Reads what came with the signal of a worker that gives a server up; undefined when it is not that. */
export function parseReleased(input: unknown): { readonly server: string; readonly lease: string } | undefined {
  if (!isObject(input)) return undefined;
  const [server, lease] = [nameIn(input.server), nameIn(input.lease)];
  return server === undefined || lease === undefined ? undefined : { server, lease };
}

const upTo =
  (length: number) =>
  (value: unknown): string | undefined =>
    typeof value === 'string' && value.length > 0 && value.length <= length ? value : undefined;
const text = upTo(MAX_TEXT);
const nameIn = upTo(MAX_NAME);
