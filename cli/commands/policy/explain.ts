import { print, printJson } from '../../io/output.ts';
import { examples } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';
import type { PolicyGroup } from './group.ts';

export function addExplain(policy: PolicyGroup): void {
  policy
    .command('explain')
    .summary('say why a call was allowed or denied')
    .description(
      'Say of each attempt of a call what the rules decided, with their text, file and line, and what they were ' +
        'asked; from the history of the session alone: no worker is needed. Histories that `temporal workflow show ' +
        '--output json` wrote do as well, and then no Temporal is.',
    )
    .argument('<session>', 'the session')
    .argument('<call>', 'the id of one of its calls')
    .option('--history <file...>', 'files with the histories of its runs, instead of Temporal')
    .addHelpText(
      'after',
      examples(
        'custody policy explain session-1 draft-1',
        'custody policy explain session-1 draft-1 --history session-1.json',
      ),
    )
    .action(async (session, call, { history }, command) => {
      const globals = command.optsWithGlobals();
      const [{ recordedInFiles, recordedSession }, { explain }, { showExplained }, { payloadsOf }] = await Promise.all([
        import('../../policy/history.ts'),
        import('../../policy/explain.ts'),
        import('../../render/policy/explained.ts'),
        import('../../policy/payloads.ts'),
      ]);
      const recorded = history
        ? await recordedInFiles(history, payloadsOf(globals))
        : await withCustody(globals, (custody) => recordedSession(custody, session));
      const explained = await explain({ ...recorded, session }, call);
      if (globals.json) printJson(explained);
      else print(showExplained(explained));
    });
}
