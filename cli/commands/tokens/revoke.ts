import type { Command } from '@commander-js/extra-typings';
import { CustodyError } from '../../../protocol/errors.ts';
import { quote } from '../../../protocol/values/text.ts';
import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Globals } from '../../program.ts';

export function addRevoke(token: Pick<Command, 'command'>): void {
  token
    .command('revoke')
    .summary('revoke an API key')
    .description('Revoke an API key, by its id: from the next request on it is not taken any more.')
    .argument('<id>', 'of the key, as `custody token list` shows it')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .addHelpText('after', examples('custody token revoke 9f86d081884c7d65'))
    .action(async (id, { config }, command) => {
      const { json } = command.optsWithGlobals() as Globals;
      const { changeTokens, tokensFileOf } = await import('../../serve/tokens.ts');
      await changeTokens(await tokensFileOf(config), (tokens) => {
        const known = Object.hasOwn(tokens, id) ? tokens[id] : undefined;
        if (!known) throw new CustodyError('TOKEN_NOT_FOUND', `There is no API key ${quote(id)}.`);
        return { ...tokens, [id]: { ...known, revoked: true } };
      });
      if (json) return printJson({ id, revoked: true });
      print(`${printable(id)} is revoked.`);
    });
}
