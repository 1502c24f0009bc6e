import { examples, type Program } from '../../program.ts';
import { addList } from './list.ts';
import { addNew } from './new.ts';
import { addRevoke } from './revoke.ts';

export function addToken(program: Program): void {
  const token = program
    .command('token')
    .summary('API keys for `custody serve`')
    .description(
      'API keys for `custody serve`. What is kept of them, in the file that gateway.tokens of custody.yaml names, ' +
        'lets nobody in. A change counts from the next request on.',
    )
    .addHelpText('after', examples('custody token new desk-bot --session session-1', 'custody token list'));
  for (const add of [addNew, addList, addRevoke]) add(token);
}
