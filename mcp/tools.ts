import { createHash } from 'node:crypto';
import type { Client, Tool } from '@modelcontextprotocol/client';
import canonicalize from 'canonicalize';
import type { LeftOut } from '../protocol/calls/call.ts';
import { LIMITS } from '../protocol/limits.ts';
import { depthOf } from '../protocol/values/numbers/exact.ts';
import { isObject } from '../protocol/values/json.ts';
import { problemOfPaging } from '../protocol/values/paging.ts';
import { AS_SENT, exchange } from './calls/answer.ts';
import { excerpt, McpError } from './error.ts';

/** The hints of a tool about itself: claims of the server, not to be trusted unless the operator says so. */
export interface ToolHints {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
}

export interface ListedTool {
  readonly name: string;
  /** SHA-256, in hex, of the RFC 8785 form of the whole definition as listed. */
  readonly hash: string;
  readonly annotations: ToolHints;
}

/** A listed tool with its definition, which a call needs for the headers that revision 2026-07-28 asks for. */
export interface ToolEntry extends ListedTool {
  readonly definition: Tool;
}

/** What a server lists. */
export interface ToolList {
  readonly tools: ReadonlyMap<string, ToolEntry>;
  /** Definitions that are none, the first ones: nobody could call these tools by them. */
  readonly leftOut: readonly LeftOut[];
}

/** Definitions that are named. */
const NAMED = 20;
/** The specification advises 128 at most. */
const NAME_LENGTH = 200;
/** Levels of a definition: far more than a schema has, and few enough to be walked through. */
const DEPTH = 500;

/**
 * Lists the tools of a server, all pages. A definition that is none is left out, and so are two of one name.
 *
 * Throws TOO_MANY_TOOLS beyond LIMITS.tools, RESULT_TOO_LARGE if the definitions together exceed LIMITS.messageBytes,
 * SERVER_PROTOCOL_ERROR for a listing that does not end, and what `client.request` throws.
 */
export async function listTools(client: Client, server: string, signal: AbortSignal): Promise<ToolList> {
  const tools = new Map<string, ToolEntry>();
  const faults = new Map<string, string>();
  if (client.getServerCapabilities()?.tools === undefined) return { tools, leftOut: [] };
  let bytes = 0;
  let count = 0;
  for await (const page of listPages(client, server, signal)) {
    for (const definition of page) {
      count += 1;
      if (count > LIMITS.tools)
        throw new McpError('TOO_MANY_TOOLS', `MCP server '${server}' lists more than ${LIMITS.tools} tools.`, DONE);
      const read = readTool(definition);
      if ('why' in read) faults.set(read.name, read.why);
      else if (tools.delete(read.tool.name) || faults.has(read.tool.name)) faults.set(read.tool.name, TWIN);
      else tools.set(read.tool.name, read.tool);
      bytes += 'why' in read ? 0 : read.bytes;
      if (bytes > LIMITS.messageBytes)
        throw new McpError(
          'RESULT_TOO_LARGE',
          `The tool definitions of MCP server '${server}' are larger than ${LIMITS.messageBytes} bytes.`,
          DONE,
        );
    }
  }
  return { tools, leftOut: [...faults].slice(0, NAMED).map(([name, why]) => ({ name, why })) };
}

const TWIN = 'two definitions have this name';

/** The pages of tools/list; no more of them than a server may have tools, and none twice. */
async function* listPages(client: Client, server: string, signal: AbortSignal): AsyncGenerator<unknown[]> {
  const cursors = new Set<unknown>();
  for (let cursor: unknown; ;) {
    const params = cursor === undefined ? {} : { cursor };
    const { parsed: page } = await exchange(`'tools/list' of MCP server '${server}'`, () =>
      client.request({ method: 'tools/list', params }, AS_SENT, { signal }),
    );
    if (!isObject(page) || !Array.isArray(page['tools']))
      throw malformed(server, 'answers tools/list without a list of tools');
    cursor = page['nextCursor'] ?? undefined;
    const problem = cursor === undefined ? undefined : problemOfPaging(cursor, cursors, LIMITS.tools);
    if (problem) throw malformed(server, `lists tools in pages, and ${problem}`);
    yield page['tools'];
    if (cursor === undefined) return;
    cursors.add(cursor);
  }
}

const DONE = { sent: true, answered: true };

const malformed = (server: string, what: string): McpError =>
  new McpError('SERVER_PROTOCOL_ERROR', `MCP server '${server}' ${what}.`, DONE);

function readTool(definition: unknown): LeftOut | { readonly tool: ToolEntry; readonly bytes: number } {
  if (!isObject(definition)) return { name: '', why: 'its definition is no object' };
  const { name } = definition;
  if (typeof name !== 'string' || name === '' || name.length > NAME_LENGTH)
    return {
      name: excerpt(String(name), NAME_LENGTH),
      why: `its name is not a text of 1 to ${NAME_LENGTH} characters`,
    };
  const leftOut = (why: string): LeftOut => ({ name: excerpt(name, NAME_LENGTH), why });
  if (!isObject(definition['inputSchema'])) return leftOut('it has no schema of its arguments');
  let canonical: string;
  try {
    canonical = canonicalize(definition) ?? '';
  } catch (error) {
    return leftOut(`its definition has no canonical form (${excerpt(String(error))})`);
  }
  if (depthOf(canonical) > DEPTH) return leftOut(`its definition has more than ${DEPTH} levels`);
  const hash = createHash('sha256').update(canonical).digest('hex');
  return {
    tool: { name, hash, annotations: readHints(definition['annotations']), definition: definition as Tool },
    bytes: Buffer.byteLength(canonical),
  };
}

function readHints(annotations: unknown): ToolHints {
  if (!isObject(annotations)) return {};
  const hints = (['readOnlyHint', 'destructiveHint', 'idempotentHint'] as const)
    .filter((hint) => typeof annotations[hint] === 'boolean')
    .map((hint) => [hint, annotations[hint]]);
  return Object.fromEntries(hints) as ToolHints;
}
