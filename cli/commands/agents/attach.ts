import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showAttached } from '../../render/attached.ts';
import { withCustody } from '../../withCustody.ts';

export function addAttach(program: Program): void {
  program
    .command('attach')
    .summary('find out where an agent that started again goes on')
    .description(
      'Attach an agent that started again, on record: print how the session stands, the state that the agent ' +
        'saved, and which of its calls were answered and which are open.',
    )
    .argument('<id>', 'the session')
    .option('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody attach session-1', 'custody attach session-1 --json'))
    .action(async (id, options, command) => {
      const globals = command.optsWithGlobals();
      const attached = await withCustody(globals, (custody) => custody.session(id).attach(options));
      if (globals.json) printJson(attached);
      else print(showAttached(attached));
    });
}
