import { whereOf } from '../../io/shell.ts';
import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showSession } from '../../render/session/session.ts';
import { withCustody } from '../../withCustody.ts';

export function addRecover(program: Program): void {
  program
    .command('recover')
    .summary('bring back a session that was terminated or reset in Temporal')
    .description(
      'Bring back a session that was terminated, reset or timed out in Temporal: it goes on from its last ' +
        'good point, PAUSED until `custody resume`. Calls that were under way are in doubt unless a worker ' +
        'knows how they ended.',
    )
    .argument('<id>', 'the session')
    .requiredOption('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody recover session-1 --reason "terminated by mistake"'))
    .action(async (id, options, command) => {
      const globals = command.optsWithGlobals();
      const view = await withCustody(globals, (custody) => custody.session(id).recover(options));
      if (globals.json) printJson(view);
      else print(showSession(view, whereOf(globals)));
    });
}
