import { examples, type Program } from '../program.ts';
import { steer } from '../steer.ts';

export function addRollback(program: Program): void {
  program.command('rollback')
    .summary('go back to the start')
    .description('Go back to the start of the session; what cannot be undone is named.')
    .argument('<id>', 'the session')
    .requiredOption('--reason <text>', 'why, on record')
    .addHelpText('after', examples(
      'custody rollback session-1 --reason "wrong customer"',
    ))
    .action((id, options, command) => steer(command.optsWithGlobals(), id, (custody) => custody.rollback(id, options)));
}
