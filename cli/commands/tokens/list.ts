import type { Command } from '@commander-js/extra-typings';
import { print, printJson } from '../../io/output.ts';
import { examples, type Globals } from '../../program.ts';
import { showTokens } from '../../serve/show.ts';

export function addList(token: Pick<Command, 'command'>): void {
  token
    .command('list')
    .summary('list API keys')
    .description('List API keys: whose they are, what they may do, and until when. Nothing that is shown is a secret.')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .addHelpText('after', examples('custody token list', 'custody token list --json'))
    .action(async ({ config }, command) => {
      const { json } = command.optsWithGlobals() as Globals;
      const { asWritten, readTokens, tokensFileOf } = await import('../../serve/tokens.ts');
      const tokens = await readTokens(await tokensFileOf(config));
      if (!json) return print(showTokens(tokens, Date.now()));
      printJson(
        Object.entries(tokens).map(([id, token_]) => {
          const { sha256: _, ...shown } = asWritten(token_);
          return { id, ...shown };
        }),
      );
    });
}
