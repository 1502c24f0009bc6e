import { type Command, Option } from '@commander-js/extra-typings';
import { type Role, ROLES } from '../../../protocol/identity/standing.ts';
import { print, printJson, remark } from '../../io/output.ts';
import { duration, label } from '../../io/parse.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Globals } from '../../program.ts';

/** Milliseconds that a key is valid, where nothing is said. */
const VALID = 90 * 24 * 3_600_000;

export function addNew(token: Pick<Command, 'command'>): void {
  token
    .command('new')
    .summary('make an API key, and show it once')
    .description('Make an API key, and show it once: it is kept nowhere.')
    .argument('<subject>', 'who will show it, as it goes on record: lower-case letters, digits, ".", "_", "-" and "@"')
    .addOption(new Option('--role <roles...>', 'what it may do').choices(ROLES).default(['agent'] as Role[], 'agent'))
    .option('--session <id>', 'the one session that it opens; else those of its subject, and all for other roles')
    .option('--label <name=value...>', 'the sessions that it opens have this label; of several, each', label)
    .addOption(
      new Option('--expires <duration>', 'valid for this long, a year at most')
        .argParser(duration)
        .default(VALID, '90d'),
    )
    .option('--person <name>', 'the person or service behind it, where that has other names as well')
    .option('--note <text>', 'for people')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .addHelpText(
      'after',
      examples(
        'custody token new desk-bot --session session-1 --expires 720h',
        'custody token new ann --role approver --label team=blue',
      ),
    )
    .action(async (subject, { config, ...options }, command) => {
      const { json } = command.optsWithGlobals() as Globals;
      const { makeToken } = await import('../../serve/makeToken.ts');
      const { id, token: shown, file } = await makeToken(config, { subject, ...options });
      if (json) return printJson({ id, token: shown, file });
      print(shown);
      remark(`API key ${id} of ${printable(subject)}. It is shown this once; ${printable(file)} has its SHA-256.`);
    });
}
