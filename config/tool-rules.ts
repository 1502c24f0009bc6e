import { digestOf } from '../protocol/values/digest.ts';
import { CustodyError } from '../protocol/errors.ts';
import type { Effect } from '../protocol/calls/call.ts';
import type { UndoRule } from '../protocol/calls/undo.ts';
import type { Json } from '../protocol/values/json.ts';
import type { ServerConfig } from './schema/server.ts';
import { matching, merged } from '../protocol/values/patterns.ts';
import { quote } from '../protocol/values/text.ts';

/** What the operator says of a tool, or of all tools whose names begin alike. */
export interface ToolRule {
  readonly effect?: Effect;
  /** Milliseconds. */
  readonly timeout?: number;
  /** False where the server's schema of the arguments is wrong: they are sent as they come. */
  readonly checkArguments?: boolean;
  /** With a class that lets it be undone; `compensable` if the rule names none. */
  readonly undo?: UndoRule;
}

/** All that custody.yaml says of tools, by `server.tool`, or by a beginning of it and `*`. */
export interface ToolRules {
  readonly tools: { readonly [pattern: string]: ToolRule };
}

/** The rules for a tool, the most exact first: see `matching`. */
export const matchingRules = ({ tools }: ToolRules, server: string, tool: string): (readonly [string, ToolRule])[] =>
  matching(tools, `${server}.${tool}`);

/**
 * What custody.yaml says of a tool. For each field the most exact rule that sets it wins. What has no effect, or cannot
 * be undone, has no `undo`.
 */
export function toolRule(config: ToolRules, server: string, tool: string): ToolRule {
  const { undo, ...rule } = merged(config.tools, `${server}.${tool}`);
  return undo && (rule.effect === 'compensable' || rule.effect === 'idempotent') ? { ...rule, undo } : rule;
}

/**
 * SHA-256 of what the operator configured for a server and its tools, over RFC 8785 JSON. References to secrets
 * go in as references, so that a new secret is no new configuration.
 * @throws CustodyError UNKNOWN_SERVER when custody.yaml defines no such server
 */
export function serverConfigHash(
  config: ToolRules & { readonly servers: { readonly [name: string]: ServerConfig } },
  server: string,
): string {
  if (!Object.hasOwn(config.servers, server))
    throw new CustodyError('UNKNOWN_SERVER', `custody.yaml defines no server ${quote(server)}.`);
  const tools = Object.fromEntries(Object.entries(config.tools).filter(([key]) => key.startsWith(`${server}.`)));
  return digestOf({ server: config.servers[server], tools } as unknown as Json);
}
