import { formatDuration } from '../../protocol/values/duration.ts';
import { counted } from '../../protocol/values/text.ts';
import { printable } from '../io/printable.ts';
import type { ClosedServer, LookedServer, LookedTool } from '../servers/look.ts';
import { bold, mark } from './style.ts';
import { table } from './table.ts';

/** `custody tools` in words. */
export const showServers = (servers: readonly (LookedServer | ClosedServer)[]): string =>
  servers.map(showServer).join('\n\n');

function showServer(looked: LookedServer | ClosedServer): string {
  if ('error' in looked) {
    const { server, error } = looked;
    return [
      `${bold(printable(server))}: ${mark('fail', error.code)}: ${printable(error.message)}`,
      `  ${error.remedy}`,
    ].join('\n');
  }
  const { server, protocolVersion, tools, leftOut, misfits } = looked;
  const rows = tools.map((tool) => [tool.name, tool.effect, whyOf(tool), formatDuration(tool.timeout), undoneBy(tool)]);
  return [
    `${bold(printable(server))}: MCP ${protocolVersion}, ${counted(tools.length, 'tool')}`,
    ...(rows.length > 0 ? [table(['TOOL', 'EFFECT', 'SAID BY', 'TIMEOUT', 'UNDONE BY'], rows, '  ')] : []),
    ...leftOut.map(({ name, why }) => `  ${mark('warn')}  left out: ${printable(name) || 'a tool'}: ${printable(why)}`),
    ...misfits.map((text) => `  ${mark('warn')}  ${printable(text)}`),
  ].join('\n');
}

function whyOf({ by, rule, claimed }: LookedTool): string {
  if (by === 'rule') return `rule ${rule}`;
  if (by === 'annotation') return 'the server, which is trusted';
  return claimed === null ? 'nobody: the worst' : `nobody; its claim ${claimed} is not trusted`;
}

function undoneBy({ effect, undo }: LookedTool): string {
  if (effect === 'read-only') return '';
  if (undo === null) return effect === 'irreversible' ? 'nothing' : 'nothing: no rule says how';
  if (undo.call) return undo.call.tool;
  return [
    ...(undo.restore ? [`${undo.restore.tool} of what was there`] : []),
    ...(undo.remove ? [`${undo.remove.tool} where nothing was`] : []),
  ].join(', ');
}
