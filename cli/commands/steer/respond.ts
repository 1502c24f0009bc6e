import { Option } from '@commander-js/extra-typings';
import { CustodyError } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { readArguments } from '../../io/input.ts';
import { examples, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addRespond(program: Program): void {
  program
    .command('respond')
    .summary('answer what a server asks in a call')
    .description(
      'Answer what an MCP server asks in the midst of a call. The answer stands in the history of the ' +
        'session: no passwords.',
    )
    .argument('<id>', 'the session')
    .argument('<call>', 'the id of the call; `custody show` lists those that wait, with the form')
    .addOption(
      new Option(
        '--with <json>',
        'the fields of the form, a JSON object, or one by key where there are several forms; @FILE reads a ' +
          'file, - reads stdin',
      ),
    )
    .addOption(new Option('--decline', 'say no: the server goes on without it').conflicts(['with', 'cancel']))
    .addOption(new Option('--cancel', 'say neither yes nor no').conflicts(['with', 'decline']))
    .option('--reason <text>', 'on record')
    .addHelpText(
      'after',
      examples(
        `custody respond session-1 call-7 --with '{"amount":12,"confirm":true}'`,
        'custody respond session-1 call-7 --decline --reason "not without the invoice"',
      ),
    )
    .action(async (id, callId, { with: given, decline, cancel, reason }, command) => {
      const response = await readResponse(given, decline, cancel);
      await steer(command.optsWithGlobals(), id, (session) => session.respond(callId, response, { reason }));
    });
}

async function readResponse(
  given: string | undefined,
  decline: true | undefined,
  cancel: true | undefined,
): Promise<JsonObject> {
  if (given !== undefined) return readArguments(given, '--with');
  if (decline) return { action: 'decline' };
  if (cancel) return { action: 'cancel' };
  throw new CustodyError('USAGE', 'Say --with JSON, --decline or --cancel.');
}
