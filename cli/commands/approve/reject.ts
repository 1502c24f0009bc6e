import { examples, type Program } from '../../program.ts';
import { steer } from '../steer/steer.ts';
import { targetOf } from './target.ts';

export function addReject(program: Program): void {
  program
    .command('reject')
    .summary('say no to what is asked')
    .description('Reject what a session asks. One no is enough, and whoever asked is told the reason.')
    .argument('<id>', 'the session and its approval, as `custody approvals` names it: SESSION/a1')
    .requiredOption('--reason <text>', 'why: an agent reads it and does something else, and it is on record')
    .addHelpText('after', examples('custody reject session-1/a1 --reason "ask the customer first"'))
    .action((id, { reason }, command) => {
      const { session, approval } = targetOf(id);
      return steer(command.optsWithGlobals(), session, (handle) => handle.approvals.reject(approval, { reason }));
    });
}
