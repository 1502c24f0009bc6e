import type { ReadMethod } from '../../../protocol/calls/call.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { isObject, type JsonObject } from '../../../protocol/values/json.ts';
import type { CallInput } from '../../../protocol/commands.ts';

/** What a call is made of, but for its arguments. */
export type Subject = Pick<CallInput, 'server' | 'tool' | 'method'>;

/** Characters of it that stand on record. */
const LONGEST = 200;

/** @param target `server.tool` */
export function toolOf(target: string): Subject {
  const dot = target.indexOf('.');
  if (dot < 1) throw new CustodyError('MALFORMED_COMMAND', `'${target}' is not of the form server.tool.`);
  return { server: target.slice(0, dot), tool: target.slice(dot + 1) };
}

/**
 * Of another request than a tool call: what it is about stands where the tool would, for people who read the record.
 */
export function requestOf(server: string, method: ReadMethod, { uri, name, ref }: JsonObject): Subject {
  const about = [uri, name, ...(isObject(ref) ? [ref.uri, ref.name] : [])].find(
    (each) => typeof each === 'string' && each !== '',
  );
  return { server, method, tool: typeof about === 'string' ? about.slice(0, LONGEST) : method };
}
