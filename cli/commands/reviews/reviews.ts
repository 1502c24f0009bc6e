import { print, printJson, remark } from '../../io/output.ts';
import { whereOf } from '../../io/shell.ts';
import { examples, type Globals, type Program } from '../../program.ts';
import { showReviews } from '../../render/reviews/list.ts';
import { showSilent } from '../../render/silent.ts';
import { withCustody } from '../../withCustody.ts';
import { targetOf } from '../approve/target.ts';
import { steer } from '../steer/steer.ts';

export function addReviews(program: Program): void {
  const reviews = program
    .command('reviews')
    .summary('list the reviews that wait for somebody, or do one')
    .description(
      'List what sessions ask persons to review, the oldest first: before they end, after restarts, rollbacks and ' +
        'violations, and where they are older than 24 h. What rules found stands with it. A session whose worker ' +
        'does not answer is named.',
    )
    .argument('[sessions...]', 'these sessions alone; all by default')
    .option('--overdue', 'only those that are late')
    .option('--mine', 'only what you can do: of sessions that others started, and what you have not done yet')
    .addHelpText('after', examples('custody reviews', 'custody reviews session-1', 'custody reviews --overdue --json'))
    .action(async (sessions, { overdue, mine }, command) => {
      const globals: Globals = command.optsWithGlobals();
      await withCustody(globals, async (custody) => {
        const some = sessions.length > 0 ? { sessions } : {};
        const found = await custody.reviews({ overdue, mine, ...some });
        if (globals.json) return printJson(found);
        print(showReviews(found, whereOf(globals)));
        for (const line of showSilent(found.unanswered, 'waits for a review, and did not say which')) remark(line);
      });
    });
  reviews
    .command('done')
    .summary('say what you found')
    .description(
      'Do a review: say what you found, on record. With --objection a session that ends says so at its end, and one ' +
        'that would go on is paused first.',
    )
    .argument('<id>', 'the session and its review, as `custody reviews` names it: SESSION/a1')
    .requiredOption('--finding <text>', 'what you found')
    .option('--objection', 'you object')
    .addHelpText(
      'after',
      examples(
        'custody reviews done session-1/a1 --finding "read all of it, nothing to add"',
        'custody reviews done session-1/a1 --finding "wrote to the wrong customer" --objection',
      ),
    )
    .action((id, { finding, objection }, command) => {
      const { session, approval } = targetOf(id);
      return steer(command.optsWithGlobals(), session, (handle) =>
        handle.reviews.done(approval, finding, { objection }),
      );
    });
}
