import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Program } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

export function addHeartbeat(program: Program): void {
  program
    .command('heartbeat')
    .summary('say that an agent is there')
    .description(
      'Say that the agent of a session is there, where the profile has session.agentHeartbeat. Its calls and ' +
        'records say so, too.',
    )
    .argument('<id>', 'the session')
    .addHelpText('after', examples('custody heartbeat session-1'))
    .action(async (id, _options, command) => {
      const globals = command.optsWithGlobals();
      await withCustody(globals, (custody) => custody.session(id).heartbeat());
      if (globals.json) printJson({ id });
      else print(`${printable(id)}: heartbeat sent`);
    });
}
