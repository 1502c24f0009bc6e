import type { Effect, ToolPin } from '../protocol/calls/call.ts';
import type { UndoRule } from '../protocol/calls/undo.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { ListedTool, ToolEntry } from '../mcp/tools.ts';
import { decimalsIn } from './schema/decimals.ts';
import type { Configuration } from './deps.ts';

type Rules = Pick<Configuration, 'toolRule' | 'trustsAnnotations'>;

/** What a session pins of a tool that a server lists. */
export function pinOf(rules: Rules, server: string, tool: ToolEntry): ToolPin {
  const { timeout = LIMITS.toolTimeout, undo } = rules.toolRule(server, tool.name);
  const { effect } = effectOf(rules, server, tool);
  const decimals = decimalsIn(tool.definition.inputSchema);
  return {
    hash: tool.hash,
    effect,
    timeout,
    ...(undo ? { undo: true, undoTools: toolsOf(undo) } : {}),
    ...(decimals.length > 0 ? { decimals } : {}),
  };
}

/** Tools that may undo it; the reads before and after have no price of their own. */
const toolsOf = ({ call, restore, remove }: UndoRule): readonly string[] =>
  [call, restore, remove].flatMap((each) => (each ? [each.tool] : []));

/** Who says what a tool does: the operator, the server where it is trusted, or nobody, which means the worst. */
export type SaidBy = 'rule' | 'annotation' | 'default';

export function effectOf(
  rules: Rules,
  server: string,
  { name, annotations }: ListedTool,
): { readonly effect: Effect; readonly by: SaidBy } {
  const { effect } = rules.toolRule(server, name);
  if (effect) return { effect, by: 'rule' };
  const trusted = rules.trustsAnnotations(server) ? hinted(annotations) : undefined;
  return trusted ? { effect: trusted, by: 'annotation' } : { effect: 'irreversible', by: 'default' };
}

/** MCP's hints as an effect; undefined where they leave the worst open. */
export const hinted = ({ readOnlyHint, idempotentHint }: ListedTool['annotations']): Effect | undefined =>
  readOnlyHint === true ? 'read-only' : idempotentHint === true ? 'idempotent' : undefined;
