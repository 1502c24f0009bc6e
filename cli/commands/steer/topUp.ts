import { amount } from '../../io/parse.ts';
import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addTopUp(program: Program): void {
  program
    .command('top-up')
    .summary('add money to the budget')
    .description(
      'Add money to the budget of a session. One that waits for it goes on, with session.autoResume by itself.',
    )
    .argument('<id>', 'the session')
    .requiredOption('--by <usd>', 'how much more, in USD: 10, 0.5', amount)
    .requiredOption('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody top-up session-1 --by 10 --reason "the report is worth it"'))
    .action((id, { by, reason }, command) =>
      steer(command.optsWithGlobals(), id, (session) => session.topUp(by, { reason })),
    );
}
