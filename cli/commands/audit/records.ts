import { Option } from '@commander-js/extra-typings';
import { LAYERS } from '../../../protocol/records.ts';
import { repeated } from '../../io/parse.ts';
import { print } from '../../io/output.ts';
import { examples, type Globals } from '../../program.ts';
import type { AuditGroup } from './group.ts';

export const RECORD_FORMATS = ['table', 'jsonl', 'csv', 'ocsf'] as const;

export function addRecords(audit: AuditGroup): void {
  audit
    .command('records', { isDefault: true })
    .summary('print the records of a session in full')
    .description(
      'Print what is on record of a session, from its history or from files, in full: who asked for what, what was ' +
        'decided, sent and answered, with the history events that each record rests on. What stands outside history ' +
        'is read from the payload store (--store), of a bundle from the bundle, and held against its hash.',
    )
    .argument(
      '<id|file...>',
      'the session; or the folder of its bundle; or its runs, each in a file of `temporal workflow show --output json`',
    )
    .option('--trust <key>', 'a bundle: a verifier key of who seals, or a file of them; may be repeated', repeated)
    .addOption(new Option('--layer <layer>', 'of this layer alone').choices(LAYERS))
    .option('--since <instant>', 'from then on: 2026-11-27T14:00:00Z')
    .option('--call <id>', 'of this call alone')
    .option('--follow', 'go on live until the session ends')
    .addOption(
      new Option('--format <format>', 'how they are printed').choices(RECORD_FORMATS).default('table' as const),
    )
    .addHelpText(
      'after',
      examples(
        'custody audit session-1',
        'custody audit session-1 --layer compliance --follow',
        'custody audit session-1.evidence/ --trust evidence.vkey --call draft',
        'custody audit run1.json run2.json --format jsonl > records.jsonl',
        'custody audit session-1 --format ocsf > events.jsonl',
      ),
    )
    .action(async (targets, { format, follow, trust, ...wanted }, command) => {
      const globals = command.optsWithGlobals() as Globals;
      const [{ givenRecords, isWanted }, { recordLines }, { valuesOf }, { Unshown }] = await Promise.all([
        import('../../audit/records.ts'),
        import('../../render/audit/records.ts'),
        import('../../../audit/read/values.ts'),
        import('../../audit/unshown.ts'),
      ]);
      const show = recordLines(globals.json ? 'jsonl' : format);
      for (const line of show.head) print(line);
      const [filter, unshown] = [isWanted(wanted), new Unshown()];
      await givenRecords(globals, targets, { follow, trust }, async (record, store) => {
        if (!filter(record)) return;
        const values = show.hasValues ? await valuesOf(record, store) : undefined;
        unshown.add(values);
        print(show.lines({ ...record, ...(values && { values }) }));
      });
      unshown.report();
    });
}
