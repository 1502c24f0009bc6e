import { print, printJson } from '../../io/output.ts';
import { count } from '../../io/parse.ts';
import { examples, type Globals, type Program } from '../../program.ts';
import { showNotices } from '../../render/notices/list.ts';
import { showTried } from '../../render/notices/tried.ts';
import { withCustody } from '../../withCustody.ts';

/** Sessions that are looked at where no limit is named. */
const MOST = 1000;

export function addNotices(program: Program): void {
  const notices = program
    .command('notices')
    .summary('list notices that sessions sent, or try a destination')
    .description(
      'List what became of the notices of sessions: what waits and why, the last that were delivered, ' +
        "and those that were given up. From Temporal's visibility, some moments behind, and without any worker.",
    )
    .argument('[session]', 'only notices of this session')
    .option('--failed', 'only those that were given up')
    .option('--limit <n>', 'of at most so many sessions', count, MOST)
    .addHelpText('after', examples('custody notices session-1', 'custody notices --failed --json'))
    .action(async (session, { failed, limit }, command) => {
      const globals: Globals = command.optsWithGlobals();
      const found = await withCustody(globals, (custody) => custody.notices({ session, failed, limit }));
      if (globals.json) printJson(found);
      else print(showNotices(found));
    });
  notices
    .command('test')
    .summary('send a notice that says it is a test')
    .description(
      'Send a notice that says it is a test to the destinations of the operator file, once, from here: with ' +
        'the secrets that this process finds, and over its network. No Temporal and no worker is needed. Exit code 1 ' +
        'if one does not take it.',
    )
    .argument('[name]', 'the destination; all by default')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .addHelpText('after', examples('custody notices test', 'custody notices test ops --config custody.yaml'))
    .action(async (name, { config: file }, command) => {
      const { json, namespace }: Globals = command.optsWithGlobals();
      const [{ loadOperatorConfig }, { tryDestinations }] = await Promise.all([
        import('../../../config/operator.ts'),
        import('../../notices/try.ts'),
      ]);
      const config = await loadOperatorConfig(file);
      const tried = await tryDestinations(config, name, namespace ?? 'default');
      if (json) printJson(tried);
      else print(showTried(tried));
      if (tried.some(({ error }) => error)) process.exitCode = 1;
    });
}
