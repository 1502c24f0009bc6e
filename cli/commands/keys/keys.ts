import { examples, type Program } from '../../program.ts';
import { addDeployment, addReading } from './deployment.ts';
import { addEvidence } from './evidence.ts';
import { addNew } from './new.ts';

/** What there is of keys, each under its own name. */
const COMMANDS = [addNew, addDeployment, addReading, addEvidence];

export function addKeys(program: Program): void {
  const keys = program
    .command('keys')
    .summary('make keys')
    .description(
      'Make keys: of people and programs, who prove with them who they are, of deployments, whose workers ' +
        'act only on what carries theirs, and of those who seal.',
    )
    .addHelpText('after', examples('custody keys new --name ann', 'custody keys deployment --out deployment.key'));
  for (const add of COMMANDS) add(keys);
}
