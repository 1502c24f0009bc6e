import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';
import type { AuditGroup } from './group.ts';

export function addHold(audit: AuditGroup): void {
  audit
    .command('hold')
    .summary('hold a session back from erasure, or release it')
    .description(
      'Put a session under legal hold: nobody erases its contents until somebody releases it. Both go on record, and ' +
        'need the key of an auditor.',
    )
    .argument('<id>', 'the session')
    .requiredOption('--reason <text>', 'why, on record in clear and for ever: name no person')
    .option('--release', 'end the hold')
    .addHelpText(
      'after',
      examples(
        'custody audit hold session-1 --reason "case 4711" --actor eve --key eve.key.pem',
        'custody audit hold session-1 --release --reason "case 4711 is closed" --actor eve --key eve.key.pem',
      ),
    )
    .action(async (id, { reason, release }, command) => {
      const globals = command.optsWithGlobals() as Globals;
      const done = await withCustody(globals, ({ evidence }) =>
        release ? evidence.release(id, { reason }) : evidence.hold(id, { reason }),
      );
      if (globals.json) return printJson({ id, ...done });
      print(`${printable(id)} is ${release ? 'released' : 'held back from erasure'} (record ${done.record}).`);
    });
}
