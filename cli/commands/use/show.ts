import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showSession } from '../../render/session.ts';
import { withCustody } from '../../withCustody.ts';

export function addShow(program: Program): void {
  program
    .command('show')
    .summary('show a session and what it waits for')
    .description('Show a session: its state, deadline and last calls, what waits for whom, and the command that helps.')
    .argument('<id>', 'the session')
    .addHelpText(
      'after',
      examples(
        'custody show session-1',
        'custody show session-1 --json | jq \'.openCalls[] | select(.phase == "in_doubt")\'',
      ),
    )
    .action(async (id, _options, command) => {
      const globals = command.optsWithGlobals();
      const view = await withCustody(globals, (custody) => custody.session(id).describe());
      if (globals.json) printJson(view);
      else print(showSession(view));
    });
}
