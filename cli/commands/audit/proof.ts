import { InvalidArgumentError } from '@commander-js/extra-typings';
import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { examples } from '../../program.ts';
import type { AuditGroup } from './group.ts';

export function addProof(audit: AuditGroup): void {
  audit
    .command('proof')
    .summary('write the proof of one record to a file of its own')
    .description(
      'Write a proof that one record stands in a sealed session (c2sp.org/tlog-proof), with what it held where the ' +
        'bundle has the key. Whoever gets the file verifies it with `custody verify`, and needs nothing else.',
    )
    .argument('<folder>', 'the bundle')
    .argument('<n>', 'number of the record in the bundle, from 0', index)
    .requiredOption('-o, --out <file>', 'the file; it must not be there yet')
    .option('--closed', 'leave out what the record held')
    .addHelpText('after', examples('custody audit proof session-1/ 7 -o record-7.tlog-proof'))
    .action(async (folder, n, { out, closed = false }, command) => {
      const { proofOf, writeProof } = await import('../../audit/proof.ts');
      await writeProof(out, await proofOf(folder, n, closed));
      if (command.optsWithGlobals().json) printJson({ file: out, record: n });
      else print(`The proof of record ${n} is in ${printable(out)}.`);
    });
}

function index(text: string): number {
  const number = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(number))
    throw new InvalidArgumentError('Write a whole number from 0 on.');
  return number;
}
