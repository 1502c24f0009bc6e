import { catalogOf, type Catalog } from '../../cedar/schema/catalog.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { toolRule } from '../../config/tool-rules.ts';
import type { ClosedServer, LookedServer } from '../servers/look.ts';

/** What rules can be about, as servers list it. @param looked of servers that were not looked at nothing is known */
export function catalogFor(config: OperatorConfig, looked: readonly (LookedServer | ClosedServer)[]): Catalog {
  const found = new Map(looked.map((each) => [each.server, each]));
  return catalogOf(
    Object.keys(config.servers).map((server) => {
      const each = found.get(server);
      if (!each || 'error' in each) return { server };
      const tools = each.tools.map(({ name, effect, inputSchema, decimals }) => ({
        name,
        effect,
        inputSchema,
        decimals,
        isChecked: toolRule(config, server, name).checkArguments !== false,
      }));
      return { server, tools };
    }),
  );
}
