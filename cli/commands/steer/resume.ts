import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addResume(program: Program): void {
  program
    .command('resume')
    .summary('go on after a pause')
    .description('Go on after a pause: open the servers again and compare their tools with those that were pinned.')
    .argument('<id>', 'the session')
    .requiredOption('--reason <text>', 'why, on record')
    .option('--accept-changes', 'pin the configuration and the tools as they are now')
    .addHelpText(
      'after',
      examples(
        'custody resume session-1 --reason "folder corrected"',
        'custody resume session-1 --accept-changes --reason "new version of the files server reviewed"',
      ),
    )
    .action((id, options, command) => steer(command.optsWithGlobals(), id, (session) => session.resume(options)));
}
