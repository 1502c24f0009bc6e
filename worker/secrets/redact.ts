import type { Reply } from '../../mcp/calls/call.ts';
import type { ToolEntry } from '../../mcp/tools.ts';
import { digestOf } from '../../protocol/values/digest.ts';
import { endOfString } from '../../protocol/values/numbers/exact.ts';
import { isObject, type Json, type JsonObject } from '../../protocol/values/json.ts';
import type { Secrets } from './secrets.ts';

/**
 * What a server said in a call, with its secrets blotted out. What goes back to it stays as it is: the key of a form,
 * and `requestState`.
 */
export function redactedReply(reply: Reply, secrets: Secrets): Reply {
  if (secrets.isEmpty) return reply;
  if ('forms' in reply)
    return { ...reply, forms: reply.forms.map((form) => ({ ...redacted(form, secrets), key: form.key })) };
  const { exact, ...rest } = reply;
  return { ...redacted(rest, secrets), ...(exact === undefined ? {} : { exact: redactedText(exact, secrets) }) };
}

/** Tools whose definitions hold a secret are known by the hash of what of them may be shown. */
export function redactedTools(tools: ReadonlyMap<string, ToolEntry>, secrets: Secrets): ReadonlyMap<string, ToolEntry> {
  if (secrets.isEmpty) return tools;
  const known = seen.get(tools);
  if (known) return known;
  const shown = new Map(
    [...tools].map(([name, tool]) => {
      const definition = redacted(tool.definition, secrets);
      const isShown = JSON.stringify(definition) === JSON.stringify(tool.definition);
      return [name, isShown ? tool : { ...tool, hash: digestOf(definition as unknown as Json) }];
    }),
  );
  seen.set(tools, shown);
  return shown;
}

/** A listing is asked for at each call. */
const seen = new WeakMap<object, ReadonlyMap<string, ToolEntry>>();

/** A value of plain JSON with the secrets in its texts and names blotted out. */
export const redacted = <T extends object>(value: T, secrets: Secrets): T =>
  redactedJson(value as unknown as Json, secrets) as unknown as T;

function redactedJson(value: Json, secrets: Secrets): Json {
  if (typeof value === 'string') return secrets.redact(value);
  if (Array.isArray(value)) return value.map((item) => redactedJson(item, secrets));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, item]) => [secrets.redact(name), redactedJson(item, secrets)]),
  );
}

/** The same of a JSON text, in which all but its texts stays to the letter. */
function redactedText(text: string, secrets: Secrets): string {
  const parts: string[] = [];
  let from = 0;
  for (let quote = text.indexOf('"'); quote !== -1; quote = text.indexOf('"', from)) {
    const end = endOfString(text, quote);
    const token = text.slice(quote, end);
    const said = JSON.parse(token) as string;
    const shown = secrets.redact(said);
    parts.push(text.slice(from, quote), shown === said ? token : JSON.stringify(shown));
    from = end;
  }
  return parts.join('') + text.slice(from);
}
