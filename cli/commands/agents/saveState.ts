import { readJson } from '../../io/input.ts';
import { examples, type Program } from '../../program.ts';
import { steer } from '../steer/steer.ts';

export function addSaveState(program: Program): void {
  program
    .command('save-state')
    .summary('keep what an agent needs to go on from')
    .description(
      'Keep JSON of up to 256 KiB with the session, for an agent that starts again: `custody attach` gives ' +
        'it back. The last one counts.',
    )
    .argument('<id>', 'the session')
    .requiredOption('--state <json>', 'the state; @FILE reads a file, - reads stdin')
    .option('--reason <text>', 'why, on record')
    .addHelpText(
      'after',
      examples(`custody save-state session-1 --state '{"step":3}'`, 'custody save-state session-1 --state @state.json'),
    )
    .action(async (id, { state, reason }, command) => {
      const value = await readJson(state, '--state');
      await steer(command.optsWithGlobals(), id, (session) => session.saveState(value, { reason }));
    });
}
