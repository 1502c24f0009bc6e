import { Option } from '@commander-js/extra-typings';
import { type AgentRecord, RECORD_KINDS } from '../../../protocol/agent.ts';
import { readJson } from '../../io/input.ts';
import { examples, type Program } from '../../program.ts';
import { steer } from '../steer/steer.ts';

export function addRecord(program: Program): void {
  program
    .command('record')
    .summary('put on record what Custody cannot see')
    .description(
      'Put a decision, an API request or the usage of a model on record. Usage is added up; money counts ' +
        'towards cost.budgetLimit.',
    )
    .argument('<id>', 'the session')
    .addOption(new Option('--kind <kind>', 'what it is').choices(RECORD_KINDS).makeOptionMandatory())
    .requiredOption('--text <text>', 'in words, at most 2,000 characters')
    .option('--data <json>', 'more, up to 16 KiB; @FILE reads a file, - reads stdin')
    .option('--usage <json>', 'model, inputTokens, outputTokens and microUsd (millionths of a USD), in whole numbers')
    .option('--command-id <id>', 'repeats of one id are one record; random by default')
    .addHelpText(
      'after',
      examples(
        'custody record session-1 --kind decision --text "the draft is good enough"',
        'custody record session-1 --kind usage --text "summary" --usage ' +
          `'{"model":"m-1","inputTokens":1200,"outputTokens":300,"microUsd":4500}'`,
      ),
    )
    .action(async (id, { kind, text, data, usage, commandId }, command) => {
      const entry = {
        kind,
        text,
        ...(data === undefined ? {} : { data: await readJson(data, '--data') }),
        ...(usage === undefined ? {} : { usage: await readJson(usage, '--usage') }),
      } as unknown as AgentRecord; // The session says what is wrong with it.
      await steer(command.optsWithGlobals(), id, (session) => session.record(entry, { commandId }));
    });
}
