import { writeFile } from 'node:fs/promises';
import { Option } from '@commander-js/extra-typings';
import { CustodyError } from '../../../protocol/errors.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { print, remark } from '../../io/output.ts';
import { count, repeated } from '../../io/parse.ts';
import { since } from '../../io/since.ts';
import { examples, type Program } from '../../program.ts';
import { FORMATS } from '../../report/formats.ts';
import { showSilent } from '../../render/silent.ts';
import { withCustody } from '../../withCustody.ts';

const MOST = 1000;

export function addReport(program: Program): void {
  program
    .command('report')
    .summary('a report of sessions, each figure with its records')
    .description(
      'A report of sessions that are named, or that were started lately, made from the records of their histories; ' +
        'or of bundles, which are verified first. Each figure names the records that it follows from.',
    )
    .argument('[ids...]', 'sessions; or the folders of bundles; left out, the sessions that --since names')
    .option('--trust <key>', 'bundles: a verifier key of who seals, or a file of them; may be repeated', repeated)
    .addOption(since())
    .option('--limit <n>', 'at most so many, the newest', count, MOST)
    .addOption(new Option('--kind <report>', 'what it is about').choices(REPORTS).default('summary' as const))
    .addOption(new Option('--format <form>', 'how it is written').choices(FORMATS).default('text' as const))
    .option('-o, --output <file>', 'into this file instead')
    .addHelpText(
      'after',
      examples(
        'custody report session-1',
        'custody report session-1 --kind compliance --format html -o compliance.html',
        'custody report session-1.evidence/ --trust evidence.vkey --format json -o report.json',
        'custody report --since 30d --kind financial --format csv -o september.csv',
      ),
    )
    .action(async (ids, { since, limit, kind, format, output, trust }, command) => {
      const globals = command.optsWithGlobals();
      const which = ids.length > 0 ? ids : { since: new Date(Date.now() - since), limit };
      const { makeReport } = await import('../../../audit/report/make.ts');
      const [{ bundleRecords, sessionRecords }, { isFolder }] = await Promise.all([
        import('../../report/records.ts'),
        import('../../audit/sealed.ts'),
      ]);
      const { reportText } = await import('../../report/show.ts');
      const isSealed = ids.length > 0 && (trust !== undefined || ids.some(isFolder));
      const { sources, unanswered } = isSealed
        ? { sources: await bundleRecords(ids, trust), unanswered: [] }
        : await withCustody(globals, (custody) => sessionRecords(custody, which));
      const [first] = unanswered;
      if (first && sources.length === 0) throw new CustodyError(first.code, first.message);
      const text = reportText(makeReport(kind, sources), globals.json ? 'json' : format);
      for (const silent of showSilent(unanswered, 'is not in it')) remark(silent);
      if (output === undefined) return print(text);
      await writeFile(output, `${text}\n`).catch((error: Error) => {
        throw new CustodyError('USAGE', `The report cannot be written to ${output}: ${error.message}`);
      });
      return remark(`written to ${output}`);
    });
}
