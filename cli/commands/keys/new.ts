import type { Command } from '@commander-js/extra-typings';
import { print, printJson, remark } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Globals } from '../../program.ts';

export function addNew(keys: Pick<Command, 'command'>): void {
  keys
    .command('new')
    .summary('make a key with which an actor proves who it is')
    .description(
      'Make a pair of keys. The private one goes into a file that this user alone can read, and is never shown; ' +
        'print the lines for the list of principals, which have the public one.',
    )
    .option('--name <name>', 'of the principal: lower-case letters, digits, ".", "_", "-" and "@"; else the actor')
    .option('--out <file>', 'of the private key; it must not be there yet (default: NAME.key.pem)')
    .addHelpText(
      'after',
      examples('custody keys new --name ann', 'custody keys new --name ann --out ~/.ann.pem --json'),
    )
    .action(async ({ name: given, out }, command) => {
      const { json, actor } = command.optsWithGlobals() as Globals;
      const { makeKey } = await import('../../keys/make.ts');
      const made = await makeKey(given ?? actor, out);
      if (json) return printJson(made);
      print(made.lines);
      remark(
        `The private key is in ${printable(made.file)}: keep it to yourself. Put these lines under principals in the ` +
          'file that identity.principals of custody.yaml names, with the roles that are meant.',
      );
    });
}
