import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Program } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

export function addFork(program: Program): void {
  program
    .command('fork')
    .summary('start a session from a checkpoint of another')
    .description(
      'Start a session from a checkpoint of another, which goes on as it is, and print its id. The fork ' +
        "keeps the other's deadline, spending and open checks; the outside world is shared, and each undoes " +
        'its own calls only.',
    )
    .argument('<id>', 'the session that has the checkpoint')
    .requiredOption('--at <checkpoint>', 'its name')
    .requiredOption('--reason <text>', 'why, on record')
    .option('--id <id>', 'id of the new session, used once; random by default')
    .addHelpText(
      'after',
      examples(
        'custody fork session-1 --at draft-done --reason "try the other layout"',
        'custody fork session-1 --at draft-done --id session-1b --reason "try the other layout" --json',
      ),
    )
    .action(async (parent, { at, id, reason }, command) => {
      const globals = command.optsWithGlobals();
      const forked = await withCustody(globals, (custody) =>
        custody
          .session(parent)
          .fork({ at, id, reason })
          .then(({ id }) => id),
      );
      if (globals.json) printJson({ id: forked });
      else print(printable(forked));
    });
}
