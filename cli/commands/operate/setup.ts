import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { print, printJson } from '../../io/output.ts';
import { duration } from '../../io/parse.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Program } from '../../program.ts';

const DAY = 24 * 60 * 60 * 1000;
const LEAST = 30;

export function addSetup(program: Program): void {
  program
    .command('setup')
    .summary('give a namespace what Custody needs')
    .description(
      'Give a namespace what Custody needs: that it exists, its retention and its search attributes. It may ' +
        'run any number of times. Where a cluster does not allow it (Temporal Cloud), it says what to do by ' +
        'hand.',
    )
    .addOption(
      new Option(
        '--retention <duration>',
        `how long histories are kept after a session ends, at least ${LEAST}d; a longer one is never lowered`,
      )
        .argParser(retention)
        .default(LEAST, `${LEAST}d`),
    )
    .addHelpText(
      'after',
      examples('custody setup', 'custody setup --address temporal.example:7233 --namespace agents --retention 90d'),
    )
    .action(async (options, command) => {
      const { address, namespace, profile, json } = command.optsWithGlobals();
      const { setUp } = await import('../../setup/setUp.ts');
      const result = await setUp({ address, namespace, profile }, options.retention);
      if (json) printJson(result);
      else
        print(
          result.changes.length === 0
            ? `Namespace ${printable(result.namespace)} has all that Custody needs.`
            : result.changes.map(printable).join('\n'),
        );
    });
}

/** Days; a bare number is days. */
function retention(text: string): number {
  const days = /^\d+$/.test(text) ? Number(text) : duration(text) / DAY;
  if (!Number.isInteger(days) || days < LEAST)
    throw new InvalidArgumentError(`Write whole days, at least ${LEAST}d: a session may live so long.`);
  return days;
}
