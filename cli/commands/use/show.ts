import { whereOf } from '../../io/shell.ts';
import { print, printJson, remark } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showCall } from '../../render/call.ts';
import { showSession } from '../../render/session/session.ts';
import { withCustody } from '../../withCustody.ts';

export function addShow(program: Program): void {
  program
    .command('show')
    .summary('show a session and what it waits for, or one of its calls')
    .description(
      'Show a session: its state, deadline and last calls, how far it is sealed, what waits for whom, and the ' +
        'command that helps. With the id of a call, all of that call: its arguments, what happened to it, its answer.',
    )
    .argument('<id>', 'the session')
    .argument('[call]', 'the id of one of its calls')
    .addHelpText(
      'after',
      examples(
        'custody show session-1',
        'custody show session-1 draft-1',
        'custody show session-1 --json | jq \'.openCalls[] | select(.phase == "in_doubt")\'',
      ),
    )
    .action(async (id, callId, _options, command) => {
      const globals = command.optsWithGlobals();
      if (callId !== undefined) {
        const details = await withCustody(globals, (custody) => custody.session(id).callDetails(callId));
        return globals.json ? printJson(details) : print(showCall(details));
      }
      const [view, sealing] = await withCustody(globals, async (custody) => [
        await custody.session(id).describe(),
        await custody.evidence.sealing(id).catch(untold),
      ]);
      if (globals.json) printJson({ ...view, ...(sealing && { sealing }) });
      else print(showSession(view, whereOf(globals), sealing));
    });
}

/** A session is shown all the same. */
function untold(error: Error): null {
  remark(`How far it is sealed cannot be told: ${error.message}`);
  return null;
}
