import { Option } from '@commander-js/extra-typings';
import { STATE_NAMES } from '../../../protocol/states.ts';
import { print, printJson } from '../../io/output.ts';
import { count } from '../../io/parse.ts';
import { examples, type Program } from '../../program.ts';
import { showSessions } from '../../render/sessions.ts';
import { withCustody } from '../../withCustody.ts';

export function addList(program: Program): void {
  program
    .command('list')
    .summary('list sessions, the newest first')
    .description(
      "List sessions, the newest first. The list comes from Temporal's visibility and is some moments " +
        'behind; `custody show` is exact.',
    )
    .addOption(new Option('--state <state>', 'only sessions in this state').choices(STATE_NAMES))
    .option('--agent <id>', 'only sessions of this agent')
    .option('--limit <n>', 'at most so many', count, 100)
    .addHelpText('after', examples('custody list --state PAUSED', 'custody list --agent drafter --limit 10 --json'))
    .action(async (options, command) => {
      const globals = command.optsWithGlobals();
      const sessions = await withCustody(globals, async (custody) => {
        const found = [];
        for await (const session of custody.list(options)) found.push(session);
        return found;
      });
      if (globals.json) printJson(sessions);
      else print(showSessions(sessions));
    });
}
