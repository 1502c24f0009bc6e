import { type CallLog, isLogLevel } from '../../protocol/calls/said.ts';
import { isObject, type Json, type JsonObject, problemOfJson } from '../../protocol/values/json.ts';
import { excerpt } from '../error.ts';

/** UTF-16 code units of one log message that are passed on. */
const LENGTH = 1000;
const LOGGER = 100;

/** A log message of a server, made fit to be shown: printable and bounded. Undefined for what is none. */
export function readLog(params: unknown): CallLog | undefined {
  if (!isObject(params) || !isLogLevel(params.level)) return undefined;
  const { level, logger, data } = params;
  return {
    level,
    ...(typeof logger === 'string' && logger !== '' ? { logger: excerpt(logger, LOGGER) } : {}),
    data: shown(data),
  };
}

/** A value as it is, with its texts made printable; what is no JSON of a session, or too long, is cut, as text. */
function shown(data: unknown = null): Json {
  if (typeof data === 'string') return excerpt(data, LENGTH);
  const problem = problemOfJson(data);
  if (problem !== undefined) return `(${problem})`;
  const text = JSON.stringify(data);
  return text.length > LENGTH ? excerpt(text, LENGTH) : printable(data as Json);
}

function printable(value: Json): Json {
  if (typeof value === 'string') return excerpt(value, LENGTH);
  if (Array.isArray(value)) return value.map(printable);
  if (!isObject(value)) return value;
  const members = Object.entries(value as JsonObject).map(([name, item]) => [excerpt(name, LOGGER), printable(item)]);
  return Object.fromEntries(members) as JsonObject;
}
