import { isSpecType } from '@modelcontextprotocol/server';
import { isObject, type Json, type JsonObject } from '../../../protocol/values/json.ts';
import { quote } from '../../../protocol/values/text.ts';
import { fitInput, problemOfOutput } from './schemas.ts';

/** Kinds of definitions that servers list. */
export type Kind = 'tool' | 'prompt' | 'resource' | 'resource template';

/** The name in `_meta` under which a definition says which of its members were not passed on. */
export const LEFT_OUT = 'io.custody/left-out';

const FITS: { readonly [K in Kind]: (value: unknown) => boolean } = {
  tool: isSpecType.Tool,
  prompt: isSpecType.Prompt,
  resource: isSpecType.Resource,
  'resource template': isSpecType.ResourceTemplate,
};

/**
 * A definition as clients take it: some throw all of a list away for one that does not keep to the schema of MCP. What
 * clients would not take is mended where that changes no meaning, else left out; the definition itself only where
 * nothing else helps.
 *
 * @param remark hears what was left out, and why
 */
export async function fit(
  kind: Kind,
  definition: JsonObject,
  remark: (what: string) => void,
): Promise<JsonObject | undefined> {
  const members = Object.entries(definition).filter(([, value]) => value !== null);
  const given = Object.fromEntries(members) as JsonObject;
  const core = coreOf(kind, given);
  const name = quote(String(given['name'] ?? given['uri'] ?? given['uriTemplate'] ?? ''));
  const isFit = FITS[kind];
  if (!isFit(core)) {
    remark(`The ${kind} ${name} is not shown: its definition is none of MCP.`);
    return undefined;
  }
  const leftOut: string[] = [];
  const problemOf = async (member: string, value: Json): Promise<string | undefined> => {
    if (!isFit({ ...core, [member]: value })) return 'MCP does not know it so';
    return kind === 'tool' && member === 'outputSchema' ? problemOfOutput(value) : undefined;
  };
  for (const [member, value] of members) {
    if (Object.hasOwn(core, member)) continue;
    const problem = await problemOf(member, value);
    if (problem === undefined) core[member] = value;
    else {
      leftOut.push(member);
      remark(`The ${kind} ${name} is shown without its ${member}: ${problem}.`);
    }
  }
  if (leftOut.length === 0) return core;
  return { ...core, _meta: { ...(core['_meta'] as JsonObject | undefined), [LEFT_OUT]: leftOut } };
}

/** What a definition cannot be without, and members of which a part may be fit. */
function coreOf(kind: Kind, given: JsonObject): { [member: string]: Json } {
  const { name, uri, uriTemplate, inputSchema, arguments: args } = given;
  if (kind === 'tool') return { name: name ?? null, inputSchema: fitInput(inputSchema) };
  if (kind === 'resource') return { name: name ?? uri ?? null, uri: uri ?? null };
  if (kind === 'resource template') return { name: name ?? uriTemplate ?? null, uriTemplate: uriTemplate ?? null };
  return { name: name ?? null, ...(Array.isArray(args) ? { arguments: args.flatMap(fitArgument) } : {}) };
}

const fitArgument = (argument: Json): readonly Json[] => {
  if (!isObject(argument)) return [];
  const fitting = Object.fromEntries(Object.entries(argument as JsonObject).filter(([, value]) => value !== null));
  return isSpecType.PromptArgument(fitting) ? [fitting] : [];
};
