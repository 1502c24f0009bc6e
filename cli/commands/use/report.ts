import { Option } from '@commander-js/extra-typings';
import { reportOf } from '../../../client/index.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showReport } from '../../render/report/report.ts';
import { withCustody } from '../../withCustody.ts';

export function addReport(program: Program): void {
  program
    .command('report')
    .summary('the reports of a session')
    .description(
      'The reports that the profile of a session asks for (onReport): of one that lives as it stands now, of one ' +
        'that has ended as they stand on record.',
    )
    .argument('<id>', 'the session')
    .addOption(new Option('--of <report>', 'this one alone').choices(REPORTS))
    .addHelpText('after', examples('custody report session-1', 'custody report session-1 --of financial --json'))
    .action(async (id, { of }, command) => {
      const globals = command.optsWithGlobals();
      const view = await withCustody(globals, (custody) => custody.session(id).describe());
      // A session that has ended may have been one of an earlier version.
      const wanted = of === undefined ? (view.reports ?? []) : [of];
      const reports = wanted.map((name) => [name, reportOf(view, name)] as const);
      if (globals.json) return printJson(Object.fromEntries(reports));
      return print(
        reports.length === 0
          ? `The profile ${view.profile} asks for no report.`
          : reports.map(([name, figures]) => showReport(name, figures)).join('\n\n'),
      );
    });
}
