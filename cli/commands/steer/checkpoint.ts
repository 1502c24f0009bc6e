import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addCheckpoint(program: Program): void {
  program
    .command('checkpoint')
    .summary('name a point to go back to')
    .description(
      'Name a point of the session to which `custody rollback` can go back. A call belongs to the side of it ' +
        'on which the call ends.',
    )
    .argument('<id>', 'the session')
    .argument('<name>', 'up to 63 letters, digits, ".", "_" and "-"')
    .option('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody checkpoint session-1 before-invoices'))
    .action((id, name, options, command) =>
      steer(command.optsWithGlobals(), id, (session) => session.checkpoint(name, options)),
    );
}
