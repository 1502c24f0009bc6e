import { CustodyError } from '../../../protocol/errors.ts';
import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showPreview } from '../../render/preview.ts';
import { steer } from './steer.ts';
import { withCustody } from '../../withCustody.ts';

export function addRollback(program: Program): void {
  program
    .command('rollback')
    .summary('undo what the session did')
    .description(
      'Undo what the session did, in reverse order, back to a checkpoint or to its start; what cannot be ' +
        'undone is named. At a checkpoint the session waits in PAUSED, at its start it ends.',
    )
    .argument('<id>', 'the session')
    .option('--to <checkpoint>', 'go back to this checkpoint; else to the start')
    .option('--preview', 'show each step with its arguments, and change nothing')
    .option('--reason <text>', 'why, on record; needed without --preview')
    .addHelpText(
      'after',
      examples(
        'custody rollback session-1 --to before-invoices --preview',
        'custody rollback session-1 --to before-invoices --reason "wrong customer"',
      ),
    )
    .action(async (id, { to, preview, reason }, command) => {
      const globals = command.optsWithGlobals();
      if (preview) {
        const found = await withCustody(globals, (custody) => custody.session(id).previewRollback({ to }));
        return globals.json ? printJson(found) : print(showPreview(found));
      }
      if (reason === undefined)
        throw new CustodyError(
          'USAGE',
          "required option '--reason <text>' not specified; or look first with --preview",
        );
      await steer(globals, id, (session) => session.rollback({ to, reason }));
    });
}
