import { Option } from '@commander-js/extra-typings';
import { RESOLUTIONS } from '../../../protocol/commands.ts';
import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addResolve(program: Program): void {
  program
    .command('resolve')
    .summary('settle a call in doubt')
    .description('Settle a call in doubt: it was sent, no answer is known, and somebody looked whether it took effect.')
    .argument('<id>', 'the session')
    .argument('<call>', 'the id of the call; `custody show` lists those in doubt')
    .addOption(
      new Option('--as <what>', 'it took effect, it did not, or send it again')
        .choices(RESOLUTIONS)
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'how you know, on record')
    .addHelpText(
      'after',
      examples(
        'custody resolve session-1 call-7 --as succeeded --reason "the mail is in the outbox"',
        'custody resolve session-1 call-7 --as retry --reason "no trace of it at the bank"',
      ),
    )
    .action((id, callId, options, command) =>
      steer(command.optsWithGlobals(), id, (session) =>
        session.resolve(callId, options.as, { reason: options.reason }),
      ),
    );
}
