import { amount } from '../../io/parse.ts';
import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showBudget, showBudgets } from '../../render/budgets/budgets.ts';
import { withCustody } from '../../withCustody.ts';
import { CustodyError } from '../../../protocol/errors.ts';

export function addBudget(program: Program): void {
  const budget = program
    .command('budget')
    .summary('look at and change budgets that sessions share')
    .description('Budgets that several sessions share: by agent, profile or label, for a day, a month or all time.')
    .addHelpText('after', examples('custody budget list', 'custody budget show daily/writer'));
  budget
    .command('list')
    .summary('list the budgets that sessions have drawn on')
    .description('List the shared budgets that sessions have drawn on, as they stand now.')
    .addHelpText('after', examples('custody budget list'))
    .action(async (_options, command) => {
      const globals = command.optsWithGlobals();
      const all = await withCustody(globals, (custody) => custody.budgets.list());
      if (globals.json) printJson(all);
      else print(showBudgets(all));
    });
  budget
    .command('show')
    .summary('show one, with what each session has of it')
    .description('Show a shared budget: its limit and period, what is spent, and what each session may use of it.')
    .argument('<name>', 'the budget: NAME, or NAME/KEY')
    .addHelpText('after', examples('custody budget show team', 'custody budget show daily/writer'))
    .action(async (name, _options, command) => {
      const globals = command.optsWithGlobals();
      const shown = await withCustody(globals, (custody) => custody.budgets.describe(name));
      if (globals.json) printJson(shown);
      else print(showBudget(shown));
    });
  budget
    .command('set')
    .summary('set the limit of this period, or free what a lost session has')
    .description(
      'Set the limit of a shared budget for the period at hand; the next begins with that of custody.yaml. Or free ' +
        'what a session has of it that was terminated in Temporal and will not give it back.',
    )
    .argument('<name>', 'the budget: NAME, or NAME/KEY')
    .option('--limit <usd>', 'the limit of this period, in USD: 10, 0.5', amount)
    .option('--release <session>', 'free what this session has; what it said that it used stays spent')
    .requiredOption('--reason <text>', 'why, on record')
    .addHelpText(
      'after',
      examples(
        'custody budget set daily/writer --limit 50 --reason "the launch"',
        'custody budget set team --release session-1 --reason "terminated, the journal has no call of it"',
      ),
    )
    .action(async (name, { limit, release, reason }, command) => {
      const globals = command.optsWithGlobals();
      if ((limit === undefined) === (release === undefined))
        throw new CustodyError('USAGE', 'Write one of --limit and --release.');
      const shown = await withCustody(globals, ({ budgets }) =>
        limit === undefined
          ? budgets.release(name, release ?? '', { reason })
          : budgets.setLimit(name, limit, { reason }),
      );
      if (globals.json) printJson(shown);
      else print(showBudget(shown));
    });
}
