import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeReport } from '../../audit/report/make.ts';
import { htmlOf } from '../../audit/report/render/page.ts';
import { sessionRecords } from '../../cli/report/records.ts';
import type { Custody } from '../../client/index.ts';
import { say } from './print.ts';

/** Leaves a report of the session among the temporary files, and says where. */
export async function writeReport(custody: Custody, id: string): Promise<void> {
  const { sources } = await sessionRecords(custody, [id]);
  const file = join(tmpdir(), `custody-demo-${id}.html`);
  await writeFile(file, htmlOf(makeReport('summary', sources)));
  say(`A report of it, for a browser: ${file}`);
}
