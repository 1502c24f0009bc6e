import { Option } from '@commander-js/extra-typings';
import { STATE_NAMES } from '../../../protocol/states.ts';
import { print, printJson } from '../../io/output.ts';
import { count, duration, label } from '../../io/parse.ts';
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
    .addOption(new Option('--state <state>', `only sessions in this state: ${STATE_NAMES.join(', ').toLowerCase()}`))
    .option('--agent <id>', 'only sessions of this agent')
    .option('--governance <profile>', 'only sessions under this profile')
    .option('--label <name=value...>', 'only sessions with this label; of several, with each', label)
    .option('--in-doubt', 'only sessions with a call in doubt')
    .option('--since <duration>', 'only sessions that were started within this time, such as 2h', duration)
    .option('--limit <n>', 'at most so many', count, 100)
    .addHelpText(
      'after',
      examples('custody list --state paused --since 2d', 'custody list --label team=pay --in-doubt --json'),
    )
    .action(async (options, command) => {
      const globals = command.optsWithGlobals();
      const sessions = await withCustody(globals, async (custody) => {
        const found = [];
        const { label: labels, governance: profile, since, ...rest } = options;
        const from = since === undefined ? undefined : new Date(Date.now() - since);
        for await (const session of custody.list({ ...rest, profile, labels, since: from })) found.push(session);
        return found;
      });
      if (globals.json) printJson(sessions);
      else print(showSessions(sessions));
    });
}
