import { counted } from '../../../protocol/values/text.ts';
import { print, printJson, remark } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';
import type { AuditGroup } from './group.ts';

export function addErase(audit: AuditGroup): void {
  audit
    .command('erase')
    .summary('erase the contents of a session for good')
    .description(
      'Destroy the key of a session that is over, so that arguments, results and personal data can be read nowhere ' +
        'any more, and delete its values and its history in Temporal. That it happened, who wanted it and why goes ' +
        'on record, and what was sealed still verifies. It needs the key of an operator, and cannot be undone.',
    )
    .argument('<id>', 'the session')
    .requiredOption('--reason <text>', 'why, on record in clear and for ever: name no person')
    .option('--early', 'though its retention is not over')
    .option('--keep-history', 'leave what Temporal has, until its own retention is over')
    .addHelpText(
      'after',
      examples('custody audit erase session-1 --reason "request 2026-117" --actor ann --key ann.key.pem'),
    )
    .action(async (id, { reason, early, keepHistory }, command) => {
      const globals = command.optsWithGlobals() as Globals;
      const options = { reason, early, keepHistory };
      const done = await withCustody(globals, (custody) => custody.evidence.erase(id, options));
      if (globals.json) return printJson({ id, ...done });
      const { record, erased = { values: [], kept: [], runs: 0 } } = done;
      print(`The contents of ${printable(id)} are erased (record ${record}).`);
      const [values, runs] = [counted(erased.values.length, 'value'), counted(erased.runs, 'run')];
      print(`With them went ${values} in the payload store and ${runs} in Temporal.`);
      if (erased.kept.length > 0)
        remark(`${counted(erased.kept.length, 'value')} stay: others use them, or did moments ago. Erase again later.`);
    });
}
