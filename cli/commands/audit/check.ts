import { existsSync } from 'node:fs';
import type { Completeness } from '../../../audit/check/check.ts';
import { print, printJson } from '../../io/output.ts';
import { repeated } from '../../io/parse.ts';
import { examples, type Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';
import type { AuditGroup } from './group.ts';

interface Options {
  readonly trust?: readonly string[] | undefined;
  readonly open?: true | undefined;
  readonly principals?: readonly string[] | undefined;
  readonly replay: boolean;
}

export function addCheck(audit: AuditGroup): void {
  audit
    .command('check')
    .summary('check that the history of a session is whole')
    .description(
      'Check that the history of a session is whole and agrees with itself: events, runs, numbers of records, ' +
        'transitions, calls, money, proofs, decisions, and a replay. Exit code 1 if something is broken or missing.',
    )
    .argument(
      '<id|file...>',
      'the session; or the folder of its bundle; or its runs, each in a file of `temporal workflow show --output json`',
    )
    .option('--trust <key>', 'a bundle: a verifier key of who seals, or a file of them; may be repeated', repeated)
    .option('--open', 'files: the session is open, so that its last run has no end')
    .option('--principals <file...>', 'lists of principals, to check signatures again')
    .option('--no-replay', 'do not replay the workflow')
    .addHelpText(
      'after',
      examples(
        'custody audit check session-1',
        'custody audit check run1.json run2.json --principals principals.yaml',
        'custody audit check session-1 --json',
        'custody audit check session-1.evidence/ --trust evidence.vkey',
      ),
    )
    .action(async (targets, options, command) => {
      const globals = command.optsWithGlobals();
      const [{ showCompleteness }, checked] = await Promise.all([
        import('../../render/audit/completeness.ts'),
        check(globals, targets, options),
      ]);
      if (globals.json) printJson(checked);
      else print(showCompleteness(checked));
      if (!checked.isWhole) process.exitCode = 1;
    });
}

/** What is no file, and stands alone, is a session. */
async function check(globals: Globals, targets: readonly string[], options: Options): Promise<Completeness> {
  const [{ runsInFiles, runsOf }, { checkCompleteness }, { isFolder }] = await Promise.all([
    import('../../audit/given.ts'),
    import('../../audit/check.ts'),
    import('../../audit/sealed.ts'),
  ]);
  const { principals, replay, open = false } = options;
  const [id = ''] = targets;
  if (targets.length === 1 && isFolder(id)) {
    const { runsInBundle } = await import('../../audit/bundleRuns.ts');
    const { runs, values, namespace } = await runsInBundle(id, options.trust);
    return checkCompleteness({ runs, isOpen: false }, values, { namespace, principals, replay });
  }
  if (targets.length === 1 && !existsSync(id))
    return withCustody(globals, async (custody) => {
      const { namespace } = custody.temporal.options;
      return checkCompleteness(await runsOf(custody, id), custody.payloads, { namespace, principals, replay });
    });
  const { payloadsOf } = await import('../../policy/payloads.ts');
  const namespace = globals.namespace ?? process.env.TEMPORAL_NAMESPACE ?? 'default';
  const runs = await runsInFiles(targets);
  return checkCompleteness({ runs, isOpen: open }, payloadsOf(globals), { namespace, principals, replay });
}
