import { exitByOutcome } from './outcome.ts';
import { readSpec } from '../../io/input.ts';
import { whereOf } from '../../io/shell.ts';
import { print, printJsonLine, remark } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showEntry } from '../../render/entry.ts';
import { showSession } from '../../render/session/session.ts';
import { startSession } from './startSession.ts';
import { withCustody } from '../../withCustody.ts';

export function addRun(program: Program): void {
  program
    .command('run')
    .summary('start a session and follow it to its end')
    .description(
      'Start a session and follow it to its end. Exit code 0 if it COMPLETED, else 1. Ctrl+C leaves it running.',
    )
    .argument('<spec>', 'session spec, a YAML or JSON file; - is stdin')
    .option('--id <id>', 'id of the session, used once unless its servers could not be opened; random by default')
    .option('--reason <text>', 'why, on record')
    .addHelpText(
      'after',
      `\nWith --json, each entry is one line, and the last line is the session as \`custody show --json\` ` +
        `gives it.\n${examples('custody run examples/session.yaml', 'generate-spec | custody run - --json')}`,
    )
    .action(async (path, options, command) => {
      const globals = command.optsWithGlobals();
      const spec = await readSpec(path);
      await withCustody(globals, async (custody) => {
        const session = await startSession(custody, spec, options, globals);
        if (!globals.json) remark(`session ${session.id} started`);
        for await (const entry of session.watch()) {
          if (globals.json) printJsonLine(entry);
          else print(showEntry(entry));
        }
        const view = await session.describe();
        if (globals.json) printJsonLine(view);
        else print(`\n${showSession(view, whereOf(globals))}`);
        exitByOutcome(view);
      });
    });
}
