import { counted } from '../../../protocol/values/text.ts';
import { print, printJson } from '../../io/output.ts';
import { duration } from '../../io/parse.ts';
import { examples, type Globals, type Program } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

const DAY = 86_400_000;

export function addPayloads(program: Program): void {
  const payloads = program
    .command('payloads')
    .summary('delete values that no session needs')
    .description('The payload store, which holds what is too large for history.')
    .addHelpText('after', examples('custody payloads prune --dry-run'));
  payloads
    .command('prune')
    .summary('delete values that no session needs')
    .description(
      'Delete the values of the payload store that nobody put for a time and that no session has in its history, ' +
        'open ones and those that Temporal still keeps. Only sessions of this namespace are looked at: do not prune ' +
        'a store that namespaces share.',
    )
    .option('--older <duration>', 'values that nobody put for so long; 90 days by default', duration)
    .option('--dry-run', 'only say what would be deleted')
    .addHelpText('after', examples('custody payloads prune --dry-run', 'custody payloads prune --older 720h'))
    .action(async ({ older = 90 * DAY, dryRun = false }, command) => {
      const globals: Globals = command.optsWithGlobals();
      const [{ prune }, { storeFolder }] = await Promise.all([
        import('../../payloads/prune.ts'),
        import('../../../store/location.ts'),
      ]);
      const dir = storeFolder(globals.store);
      const done = await withCustody(globals, ({ temporal }) => prune(temporal, dir, { older, dryRun }));
      if (globals.json) printJson({ folder: dir, ...done });
      else {
        const what = `${counted(done.deleted, 'value')} of ${done.bytes} bytes`;
        const rest = `sessions have ${done.named} that are as old, and ${done.young} are younger`;
        print(`${dryRun ? 'Would delete' : 'Deleted'} ${what} in ${dir}; ${rest}.`);
      }
    });
}
