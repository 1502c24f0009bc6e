import { exitByOutcome } from './outcome.ts';
import { readSpec } from '../../io/input.ts';
import { whereOf } from '../../io/shell.ts';
import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Program } from '../../program.ts';
import { showSession } from '../../render/session/session.ts';
import { startSession } from './startSession.ts';
import { withCustody } from '../../withCustody.ts';

export function addStart(program: Program): void {
  program
    .command('start')
    .summary('start a session and print its id')
    .description('Start a session and print its id.')
    .argument('<spec>', 'session spec, a YAML or JSON file; - is stdin')
    .option('--id <id>', 'id of the session, used once unless its servers could not be opened; random by default')
    .option('--reason <text>', 'why, on record')
    .option('--wait', 'wait for its end and print it as it ended; exit code 0 if it COMPLETED, else 1')
    .addHelpText(
      'after',
      examples('custody start examples/session.yaml', 'custody start session.yaml --id review-42 --wait --json'),
    )
    .action(async (path, options, command) => {
      const globals = command.optsWithGlobals();
      const spec = await readSpec(path);
      await withCustody(globals, async (custody) => {
        const session = await startSession(custody, spec, options, globals);
        if (!options.wait) return globals.json ? printJson({ id: session.id }) : print(printable(session.id));
        const view = await session.wait();
        if (globals.json) printJson(view);
        else print(showSession(view, whereOf(globals)));
        exitByOutcome(view);
      });
    });
}
