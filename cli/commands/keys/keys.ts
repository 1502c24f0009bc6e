import { examples, type Program } from '../../program.ts';
import { addNew } from './new.ts';

/** What there is of keys, each under its own name. */
const COMMANDS = [addNew];

export function addKeys(program: Program): void {
  const keys = program
    .command('keys')
    .summary('make keys')
    .description('Make keys: of people and programs, who prove with them who they are.')
    .addHelpText('after', examples('custody keys new --name ann'));
  for (const add of COMMANDS) add(keys);
}
