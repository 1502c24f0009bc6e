import { CustodyError } from '../../../protocol/errors.ts';
import { didYouMean, listed, quote } from '../../../protocol/values/text.ts';
import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import type { LookedTool } from '../../servers/look.ts';
import { showServers } from '../../render/servers.ts';

export function addTools(program: Program): void {
  program
    .command('tools')
    .summary('list the tools of the servers, and what each does to the world')
    .description(
      'Open the servers of the operator file and list their tools: the effect of each, who says so, and what undoes ' +
        'it; and what is left out, and why. No tool is called, and no Temporal is needed. Exit code 1 if a server ' +
        'cannot be opened.',
    )
    .argument('[server...]', 'names of servers; all by default')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .addHelpText('after', examples('custody tools', 'custody tools files --config examples/custody.yaml --json'))
    .action(async (names, options, command) => {
      const [{ loadOperatorConfig }, { lookAt }] = await Promise.all([
        import('../../../config/operator.ts'),
        import('../../servers/look.ts'),
      ]);
      const config = await loadOperatorConfig(options.config);
      const known = Object.keys(config.servers);
      for (const name of names)
        if (!known.includes(name))
          throw new CustodyError(
            'UNKNOWN_SERVER',
            `${options.config} has no server ${quote(name)}; it has ${listed(known)}${didYouMean(name, known)}`,
          );
      const servers = await lookAt(config, names.length > 0 ? [...new Set(names)] : known);
      if (command.optsWithGlobals().json)
        printJson(
          servers.map((each) =>
            'error' in each
              ? { server: each.server, error: { code: each.error.code, message: each.error.message } }
              : { ...each, tools: each.tools.map(shown) },
          ),
        );
      else print(showServers(servers));
      if (servers.some((each) => 'error' in each)) process.exitCode = 1;
    });
}

/** What JSON has of a tool: all but its schema, which the server itself has. */
const shown = ({ name, effect, by, rule, claimed, timeout, undo }: LookedTool) => ({
  name,
  effect,
  by,
  rule,
  claimed,
  timeout,
  undo,
});
