import { pino } from 'pino';
import type { Configuration } from '../../activities/deps.ts';
import { effectOf, hinted, pinOf, type SaidBy } from '../../activities/pin.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { matchingRules } from '../../config/tool-rules.ts';
import type { ToolEntry } from '../../mcp/tools.ts';
import type { Effect, LeftOut } from '../../protocol/calls/call.ts';
import type { UndoRule } from '../../protocol/calls/undo.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { configurationOf } from '../../worker/configuration.ts';
import { connectionsOf } from '../../worker/connections.ts';

/** A tool as sessions under this configuration would have it. */
export interface LookedTool {
  readonly name: string;
  readonly effect: Effect;
  readonly by: SaidBy;
  /** The key in custody.yaml of the rule that says it. */
  readonly rule: string | null;
  /** What the server claims, trusted or not. */
  readonly claimed: Effect | null;
  /** Milliseconds. */
  readonly timeout: number;
  readonly undo: UndoRule | null;
  /** JSON Schema of its arguments, as the server lists it. */
  readonly inputSchema: unknown;
  /** See `ToolPin.decimals`. */
  readonly decimals: readonly string[];
}

/** What a server offers to sessions under this configuration. */
export interface LookedServer {
  readonly server: string;
  readonly protocolVersion: string;
  readonly tools: readonly LookedTool[];
  /** Tools that it lists and that no session can call. */
  readonly leftOut: readonly LeftOut[];
  /** Rules in custody.yaml that do not fit what it lists, in words. */
  readonly misfits: readonly string[];
}

/** A server that could not be opened. */
export interface ClosedServer {
  readonly server: string;
  readonly error: CustodyError;
}

/** Opens servers as a worker would, lists their tools, and closes them again. No tool is called. */
export async function lookAt(
  config: OperatorConfig,
  names: readonly string[] = Object.keys(config.servers),
): Promise<(LookedServer | ClosedServer)[]> {
  const connections = connectionsOf(config, pino({ level: 'silent' }));
  const rules = configurationOf(config);
  const looked = names.map(async (server) => {
    try {
      const connection = await connections.acquire('custody', server, new AbortController().signal);
      const tools = [...(await connection.tools()).values()];
      const { protocolVersion, leftOut } = connection;
      return {
        server,
        protocolVersion,
        tools: tools.map((tool) => toolOf(config, rules, server, tool)),
        leftOut,
        misfits: misfitsOf(config, server, [...tools, ...leftOut]),
      };
    } catch (error) {
      if (error instanceof CustodyError) return { server, error };
      throw error;
    }
  });
  return Promise.all(looked).finally(() => connections.closeAll());
}

function toolOf(config: OperatorConfig, rules: Configuration, server: string, tool: ToolEntry): LookedTool {
  const { effect, timeout, decimals = [] } = pinOf(rules, server, tool);
  const { by } = effectOf(rules, server, tool);
  const rule = matchingRules(config, server, tool.name).find(([, each]) => each.effect !== undefined);
  const { undo = null } = rules.toolRule(server, tool.name);
  const claimed = hinted(tool.annotations) ?? null;
  const { inputSchema } = tool.definition;
  return { name: tool.name, effect, by, rule: rule?.[0] ?? null, claimed, timeout, undo, inputSchema, decimals };
}

/** Rules for tools that are not there, and ways to undo that name such tools. */
function misfitsOf(config: OperatorConfig, server: string, listed: readonly { readonly name: string }[]): string[] {
  const names = new Set(listed.map(({ name }) => name));
  const used = new Set([...names].flatMap((name) => matchingRules(config, server, name).map(([key]) => key)));
  return Object.entries(config.tools).flatMap(([key, { undo }]) => {
    if (!key.startsWith(`${server}.`)) return [];
    if (!used.has(key)) return [`The rule ${key} fits no tool that the server lists.`];
    return [undo?.call, undo?.before, undo?.restore, undo?.remove].flatMap((call) =>
      call && !names.has(call.tool) ? [`The rule ${key} undoes by ${call.tool}, which the server does not list.`] : [],
    );
  });
}
