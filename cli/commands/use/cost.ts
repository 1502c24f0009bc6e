import { Option } from '@commander-js/extra-typings';
import { delaysOf, showDelays } from '../../cost/delays.ts';
import { costsBy, GROUPINGS, totalOf } from '../../cost/groups.ts';
import { csvOf, showCosts } from '../../cost/show.ts';
import { print, printJson } from '../../io/output.ts';
import { count } from '../../io/parse.ts';
import { since } from '../../io/since.ts';
import { examples, type Program } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

/** Sessions that are summed up where no limit is named. */
const MOST = 1000;

export function addCost(program: Program): void {
  program
    .command('cost')
    .summary('what sessions cost')
    .description('What sessions cost: those that are named, or those that were started lately.')
    .argument('[ids...]', 'sessions; left out, those that --since names')
    .addOption(since())
    .option('--limit <n>', 'at most so many, the newest', count, MOST)
    .addOption(new Option('--by <what>', 'a row for each').choices(GROUPINGS).default('session' as const))
    .option('--delays', 'what timeouts, restarts and rollbacks cost instead, measured and by the model')
    .option('--csv', 'as comma-separated values, USD')
    .addHelpText(
      'after',
      examples(
        'custody cost session-1 --by tool',
        'custody cost --since 30d --by agent --csv',
        'custody cost --delays',
      ),
    )
    .action(async (ids, { since, limit, by, delays, csv }, command) => {
      const globals = command.optsWithGlobals();
      const of = ids.length > 0 ? ids : { since: new Date(Date.now() - since), limit };
      const costs = await withCustody(globals, (custody) => custody.costs(of));
      if (delays) {
        const sums = delaysOf(costs.sessions);
        return globals.json ? printJson({ delays: sums, ...costs }) : print(showDelays(sums));
      }
      const rows = costsBy(costs.sessions, by);
      const total = totalOf(costs.sessions);
      if (globals.json) printJson({ by, rows, total, sessions: costs.sessions, unanswered: costs.unanswered });
      else print(csv ? csvOf(rows, by) : showCosts(rows, total, by, costs));
    });
}
