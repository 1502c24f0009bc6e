import { print, printJson } from '../../io/output.ts';
import { examples, type Globals } from '../../program.ts';
import type { AuditGroup } from './group.ts';

export function addDue(audit: AuditGroup): void {
  audit
    .command('due')
    .summary('list until when sessions are kept')
    .description(
      'List the sessions in the archive: when each is due by `evidence.retention`, what is held back, and what was ' +
        'erased. Nothing is deleted by itself.',
    )
    .option('--config <file>', 'the file that says where evidence is kept', 'custody.yaml')
    .option('--by <instant>', 'those alone that are due by then: 2027-01-31')
    .addHelpText('after', examples('custody audit due', 'custody audit due --by 2027-01-31 --json'))
    .action(async ({ config, by }, command) => {
      const globals = command.optsWithGlobals() as Globals;
      const [{ dueSessions }, { showDue }] = await Promise.all([
        import('../../audit/due.ts'),
        import('../../render/audit/due.ts'),
      ]);
      const namespace = globals.namespace ?? process.env['TEMPORAL_NAMESPACE'] ?? 'default';
      const found = await dueSessions({ config, namespace, by });
      if (globals.json) printJson(found);
      else print(showDue(found));
    });
}
