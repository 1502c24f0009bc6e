import { CustodyError } from '../../../protocol/errors.ts';
import { print, printJson } from '../../io/output.ts';
import { duration } from '../../io/parse.ts';
import { examples, type Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';
import type { PolicyGroup } from './group.ts';
import type { OtherRules } from '../../policy/replay.ts';
import type { RecordedSession } from '../../policy/history.ts';

/** Sessions that `--since` finds, at most. */
const MOST = 10_000;

interface Options {
  readonly session?: readonly string[] | undefined;
  readonly since?: number | undefined;
  readonly history?: readonly string[] | undefined;
  readonly rules?: string | undefined;
  readonly governance?: string | undefined;
  readonly config: string;
}

export function addReplay(policy: PolicyGroup): void {
  policy
    .command('replay')
    .summary('decide recorded calls once more, by the same rules or by others')
    .description(
      'Decide the calls of sessions once more, from their histories; nothing is changed, and no worker is needed. ' +
        'By the rules that they were decided by, each decision must be the one on record: exit code 1 if one is not. ' +
        'By other rules, list the calls on which these would say something else.',
    )
    .option('--session <id...>', 'these sessions')
    .option('--since <duration>', 'all sessions that were started within this time, such as 7d', duration)
    .option('--history <file...>', 'histories that `temporal workflow show --output json` wrote, instead of Temporal')
    .option('--rules <path>', 'by the rules in this file or folder instead, with default and mode as on record')
    .option('--governance <profile>', 'by the rules that the operator file has for this profile instead')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .addHelpText(
      'after',
      examples(
        'custody policy replay --session session-1',
        'custody policy replay --since 7d --rules next/',
        'custody policy replay --since 24h --governance strict --json',
      ),
    )
    .action(async (options, command) => {
      const globals = command.optsWithGlobals();
      if (!options.session && options.since === undefined && !options.history)
        throw new CustodyError('USAGE', 'Say which calls: --session ID, --since DURATION or --history FILE.');
      const [{ replay }, { showReplayed }] = await Promise.all([
        import('../../policy/replay.ts'),
        import('../../render/policy/replayed.ts'),
      ]);
      const rules = await otherRules(options);
      const replayed = await withSessions(globals, options, (sessions) => replay(sessions, rules));
      if (globals.json) printJson(replayed);
      else print(showReplayed(replayed, rules !== undefined));
      if (rules === undefined && replayed.differences.length > 0) process.exitCode = 1;
    });
}

async function otherRules({ rules, governance, config: path }: Options): Promise<OtherRules | undefined> {
  if (rules !== undefined && governance !== undefined)
    throw new CustodyError('USAGE', "option '--rules <path>' cannot be used with option '--governance <profile>'");
  const { profilesOf, rulesAt } = await import('../../policy/rules.ts');
  if (rules !== undefined) return { files: await rulesAt(rules) };
  if (governance === undefined) return undefined;
  const { loadOperatorConfig } = await import('../../../config/operator.ts');
  const config = await loadOperatorConfig(path);
  const [profile = governance] = profilesOf(config, governance);
  return { document: config.policies[profile]! };
}

async function withSessions<T>(
  globals: Globals,
  { session = [], since, history }: Options,
  use: (sessions: AsyncIterable<RecordedSession>) => Promise<T>,
): Promise<T> {
  const { recordedInFiles, recordedSession } = await import('../../policy/history.ts');
  if (history) {
    const { payloadsOf } = await import('../../policy/payloads.ts');
    const read = recordedInFiles(history, payloadsOf(globals));
    return use(
      (async function* () {
        yield await read;
      })(),
    );
  }
  return withCustody(globals, (custody) => {
    async function* sessions(): AsyncGenerator<RecordedSession> {
      for (const id of session) yield await recordedSession(custody, id);
      if (since === undefined) return;
      for await (const { id } of custody.list({ since: new Date(Date.now() - since), limit: MOST }))
        if (!session.includes(id)) yield await recordedSession(custody, id);
    }
    return use(sessions());
  });
}
