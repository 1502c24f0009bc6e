import { createInterface } from 'node:readline/promises';
import { CustodyError } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { readArguments } from '../../io/input.ts';
import { print, remark } from '../../io/output.ts';
import { shellWord, whereOf } from '../../io/shell.ts';
import { examples, type Globals, type Program } from '../../program.ts';
import { showDetails } from '../../render/approvals/details.ts';
import { withCustody } from '../../withCustody.ts';
import { steer } from '../steer/steer.ts';
import { look } from './details.ts';
import { targetOf } from './target.ts';

export function addApprove(program: Program): void {
  program
    .command('approve')
    .summary('say yes to what is asked')
    .description(
      'Approve what a session asks, as it was shown: the digest says what that was. The last yes that is needed lets ' +
        'it happen, once. Without --digest, on a terminal, it is shown and you are asked.',
    )
    .argument('<id>', 'the session and its approval, as `custody approvals` names it: SESSION/a1')
    .option('--digest <digest>', 'what you approve, from `custody approvals show`')
    .option(
      '--args <file>',
      'a file with other arguments, a JSON object: the call is made with these instead, as a call of its own; - ' +
        'reads stdin',
    )
    .option('--reason <text>', 'why, on record')
    .addHelpText(
      'after',
      `\n${examples(
        'custody approve session-1/a1',
        `custody approve session-1/a1 --digest ${'0123456789abcdef'.repeat(4)} --reason "as agreed"`,
      )}`,
    )
    .action(async (id, { digest, args: file, reason }, command) => {
      const globals: Globals = command.optsWithGlobals();
      const { session, approval } = targetOf(id);
      const args = file === undefined ? undefined : await argumentsIn(file);
      const approved = digest ?? (await seen(globals, id, args));
      let votes = '';
      await steer(globals, session, async (handle) => {
        const accepted = await handle.approvals.approve(approval, approved, { args, reason });
        const open = (await handle.approvals.list().catch(() => [])).find((each) => each.id === approval);
        if (open) votes = `${open.votes.length} of ${open.persons} persons have approved ${id}; it waits for more.`;
        return accepted;
      });
      if (votes !== '' && !globals.json) remark(votes);
    });
}

/** A file, or JSON as other commands take it. */
const argumentsIn = (file: string): Promise<JsonObject> =>
  readArguments(/^(@|\s*\{|-$)/.test(file) ? file : `@${file}`);

/** Shows what is asked, and asks whether that is approved. @returns its digest @throws CustodyError USAGE */
async function seen(globals: Globals, id: string, args: JsonObject | undefined): Promise<string> {
  const where = whereOf(globals);
  const shown = await withCustody(globals, (custody) => look(custody, targetOf(id)));
  const edited = args === undefined ? '' : ' --args FILE';
  if (globals.json || !process.stdin.isTTY || !process.stdout.isTTY)
    throw new CustodyError(
      'USAGE',
      `No terminal to ask on. Look at it: \`custody approvals show ${shellWord(id)}${where}\`; as it is now, ` +
        `it is approved with \`custody approve ${shellWord(id)} --digest ${shown.digest}${edited}${where}\`.`,
    );
  print(showDetails(shown, where, args));
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const said = await terminal.question('\nType yes to approve it: ').finally(() => terminal.close());
  if (said.trim() !== 'yes') throw new CustodyError('USAGE', 'Nothing was approved: the answer was not yes.');
  return shown.digest;
}
