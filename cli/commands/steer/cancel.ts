import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addCancel(program: Program): void {
  program
    .command('cancel')
    .summary('end a session as FAILED (cancelled)')
    .description('End a session as FAILED (cancelled); calls under way are cancelled.')
    .argument('<id>', 'the session')
    .requiredOption('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody cancel session-1 --reason "no longer needed"'))
    .action((id, options, command) => steer(command.optsWithGlobals(), id, (session) => session.cancel(options)));
}
