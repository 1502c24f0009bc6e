import { randomUUID } from 'node:crypto';
import { readArguments } from '../../io/input.ts';
import { print, printJson, remark } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showAnswer } from '../../render/answer.ts';
import { shellWord } from '../../io/shell.ts';
import { withCustody } from '../../withCustody.ts';

/** Milliseconds after which the user is told what a call waits for. */
const PATIENCE = 3000;

export function addCall(program: Program): void {
  program
    .command('call')
    .summary('call a tool through a session')
    .description('Call a tool through a session and print its answer. Exit code 0 if it succeeded, else 1.')
    .argument('<id>', 'the session')
    .argument('<server.tool>', 'a server of the session and one of its tools')
    .option('--args <json>', 'arguments, a JSON object; @FILE reads a file, - reads stdin', '{}')
    .option('--call-id <id>', 'repeats of one id are one call with one effect; random by default')
    .option(
      '--no-wait',
      'do not wait while the session is paused or the call is in doubt: CALL_PARKED, and the call stays in the queue',
    )
    .addHelpText(
      'after',
      examples(
        `custody call session-1 files.read_text_file --args '{"path":"a.md"}'`,
        'custody call session-1 files.write_file --args @draft.json --call-id draft-1 --json',
      ),
    )
    .action(async (id, target, options, command) => {
      const globals = command.optsWithGlobals();
      const args = await readArguments(options.args);
      const callId = options.callId ?? randomUUID();
      const hint =
        `The call ${callId} has no answer yet; see \`custody show ${shellWord(id)}\`. Ctrl+C leaves it in the ` +
        `session; ask again with --call-id ${shellWord(callId)} and the same arguments.`;
      let waiting: NodeJS.Timeout | undefined;
      try {
        const answer = await withCustody(globals, (custody) => {
          waiting = setTimeout(() => globals.json || remark(hint), PATIENCE);
          return custody.session(id).call(target, args, { callId, wait: options.wait });
        });
        if (answer.outcome !== 'succeeded') process.exitCode = 1;
        if (globals.json) return printJson(answer);
        const { status, body } = showAnswer(answer);
        if (body !== '') print(body);
        remark(status);
      } finally {
        clearTimeout(waiting);
      }
    });
}
