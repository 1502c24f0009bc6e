import { duration } from '../../io/parse.ts';
import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addExtend(program: Program): void {
  program
    .command('extend')
    .summary('move the deadline')
    .description('Move the deadline of a session; also after it, while the grace period lasts.')
    .argument('<id>', 'the session')
    .requiredOption('--by <duration>', 'how much later: 2h, 30m, 1h30m', duration)
    .requiredOption('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody extend session-1 --by 2h --reason "review takes longer"'))
    .action((id, { by, reason }, command) =>
      steer(command.optsWithGlobals(), id, (session) => session.extend(by, { reason })),
    );
}
