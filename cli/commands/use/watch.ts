import { print, printJsonLine } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showEntry } from '../../render/entry.ts';
import { withCustody } from '../../withCustody.ts';

export function addWatch(program: Program): void {
  program
    .command('watch')
    .summary('print what happened to a session, live')
    .description(
      'Print what happened to a session, from its history, and go on live until it ends. Ctrl+C leaves it running.',
    )
    .argument('<id>', 'the session')
    .option('--no-follow', 'stop at what has happened so far')
    .addHelpText(
      'after',
      '\nWith --json, each entry is one ' +
        `line.\n${examples('custody watch session-1', 'custody watch session-1 --no-follow --json > timeline.jsonl')}`,
    )
    .action(async (id, { follow }, command) => {
      const globals = command.optsWithGlobals();
      await withCustody(globals, async (custody) => {
        for await (const entry of custody.session(id).watch({ follow })) {
          if (globals.json) printJsonLine(entry);
          else print(showEntry(entry));
        }
      });
    });
}
