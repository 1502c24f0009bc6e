import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addComplete(program: Program): void {
  program
    .command('complete')
    .summary('end a session as COMPLETED')
    .description(
      'End a session as COMPLETED, once its calls under way have ended and its reviews are done: `custody show` says ' +
        'what it waits for.',
    )
    .argument('<id>', 'the session')
    .option('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody complete session-1 --reason "draft accepted"'))
    .action((id, options, command) => steer(command.optsWithGlobals(), id, (session) => session.complete(options)));
}
