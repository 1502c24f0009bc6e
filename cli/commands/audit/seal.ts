import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';
import type { AuditGroup } from './group.ts';

export function addSeal(audit: AuditGroup): void {
  audit
    .command('seal')
    .summary('have a session sealed now, and take its bundle out')
    .description(
      'Have the workers seal all that happened to a session until now, and copy its bundle from the archive into a ' +
        'folder. Anybody can verify it there, without Custody. The key of the session is put beside it, so that its ' +
        'contents can be read. Of a session that was erased, or that Temporal has no more, what the archive has is ' +
        'taken out.',
    )
    .argument('<id>', 'the session')
    .requiredOption('-o, --out <dir>', 'a folder that is not there yet, or is empty')
    .option('--config <file>', 'the file that says where evidence is kept', 'custody.yaml')
    .option('--withheld', 'leave the key of the session out: hashes alone can be checked then')
    .addHelpText('after', examples('custody audit seal session-1 -o evidence/session-1'))
    .action(async (id, { out, config, withheld = false }, command) => {
      const globals = command.optsWithGlobals() as Globals;
      const { takeBundle } = await import('../../audit/takeBundle.ts');
      const taken = await withCustody(globals, (custody) => takeBundle(custody, id, { out, config, withheld }));
      if (globals.json) return printJson(taken);
      const { sealed, files, key: vkey, folder } = taken;
      print(`${sealed.size} records of ${printable(id)} are sealed, in ${files} files in ${printable(folder)}.`);
      if (taken.isErased) print('Its contents were erased; what is left says so, and can be verified.');
      else if (!sealed.isWhole) print('The session goes on, so that there will be more.');
      print(`Verify it with: custody verify ${printable(out)} --trust ${vkey}`);
    });
}
