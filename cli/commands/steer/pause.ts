import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addPause(program: Program): void {
  program
    .command('pause')
    .summary('stop new calls')
    .description(
      'Stop new calls until `custody resume`; calls under way end first, or are cancelled if the profile says so.',
    )
    .argument('<id>', 'the session')
    .requiredOption('--reason <text>', 'why, on record')
    .addHelpText(
      'after',
      examples(
        'custody pause session-1 --reason "wrong folder"',
        `temporal workflow signal -w session-1 --name pause --input '{"actor":"ann","reason":"wrong folder"}'`,
      ),
    )
    .action((id, options, command) => steer(command.optsWithGlobals(), id, (session) => session.pause(options)));
}
