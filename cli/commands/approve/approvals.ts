import { setTimeout as delay } from 'node:timers/promises';
import type { AllApprovals, Custody, SessionApproval } from '../../../client/index.ts';
import { print, printJson, printJsonLine, remark } from '../../io/output.ts';
import { whereOf } from '../../io/shell.ts';
import { examples, type Globals, type Program } from '../../program.ts';
import { nameOf, showApprovals } from '../../render/approvals/list.ts';
import { showSilent } from '../../render/silent.ts';
import { showDetails } from '../../render/approvals/details.ts';
import { withCustody } from '../../withCustody.ts';
import { look } from './details.ts';
import { targetOf } from './target.ts';

/** Milliseconds between two looks of `--watch`. */
const EVERY = 2000;

export function addApprovals(program: Program): void {
  const approvals = program
    .command('approvals')
    .summary('list what waits for approval, or show one')
    .description(
      'List what all sessions ask persons to approve, the oldest first: calls that rules want approved, and commands ' +
        'that a profile wants approved. A session whose worker does not answer is named.',
    )
    .option('--mine', 'only what you can decide: what others asked for, and what you have not approved yet')
    .option('--watch', 'go on, and print what is asked and what is decided; with --json one line each')
    .addHelpText(
      'after',
      examples('custody approvals --mine', 'custody approvals --watch --json', 'custody approvals show session-1/a1'),
    )
    .action(async ({ mine, watch }, command) => {
      const globals: Globals = command.optsWithGlobals();
      await withCustody(globals, async (custody) => {
        const found = await custody.approvals({ mine });
        if (watch) return follow(custody, found, { mine, globals });
        if (globals.json) return printJson(found);
        print(showApprovals(found, whereOf(globals)));
        for (const line of showSilent(found.unanswered, 'asks something, and did not say what')) remark(line);
      });
    });
  approvals
    .command('show')
    .summary('show what would be approved')
    .description(
      'Show all that is known of what is asked: arguments, tool, rules, who wants it, the commands that decide, and ' +
        'what would change where the tool can be undone.',
    )
    .argument('<id>', 'the session and its approval, as `custody approvals` names it: SESSION/a1')
    .addHelpText('after', examples('custody approvals show session-1/a1'))
    .action(async (id, _options, command) => {
      const globals: Globals = command.optsWithGlobals();
      const shown = await withCustody(globals, (custody) => look(custody, targetOf(id)));
      if (globals.json) printJson(shown);
      else print(showDetails(shown, whereOf(globals)));
    });
}

/** Prints what there is, then what is new and what is gone, until it is stopped. */
async function follow(
  custody: Custody,
  first: AllApprovals,
  { mine, globals }: { readonly mine: true | undefined; readonly globals: Globals },
): Promise<void> {
  const { json } = globals;
  const known = new Map<string, SessionApproval>();
  if (!json) print(showApprovals(first, whereOf(globals)));
  for (let found = first; ; found = await custody.approvals({ mine })) {
    const now = new Map(found.approvals.map((each) => [nameOf(each), each]));
    for (const [name, approval] of now) {
      if (!known.has(name) && json) printJsonLine({ asked: approval });
      if (!known.has(name) && !json && found !== first) print(showApprovals({ ...found, approvals: [approval] }));
      known.set(name, approval);
    }
    // Nothing is known of what a session that does not answer asks now.
    const silent = new Set(found.unanswered.map(({ session }) => session));
    for (const [name, { session }] of known) {
      if (now.has(name) || silent.has(session)) continue;
      known.delete(name);
      if (json) printJsonLine({ over: name });
      else print(`${name} is decided, or not asked any more.`);
    }
    await delay(EVERY);
  }
}
