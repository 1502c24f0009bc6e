import { readFileSync } from 'node:fs';
import { RECORD_VERSION } from '../../../audit/read/record.ts';
import { print } from '../../io/output.ts';
import { examples } from '../../program.ts';
import type { AuditGroup } from './group.ts';

export function addSchema(audit: AuditGroup): void {
  audit
    .command('schema')
    .summary('print the JSON Schema of records')
    .description('Print the JSON Schema (draft-07) of records as `--format jsonl` prints them, a line each.')
    .addHelpText('after', examples('custody audit schema > record.json'))
    .action(() => {
      const file = new URL(`../../../audit/schema/record.v${RECORD_VERSION}.json`, import.meta.url);
      print(readFileSync(file, 'utf8').trimEnd());
    });
}
