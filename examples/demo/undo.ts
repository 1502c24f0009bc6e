import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Custody } from '../../client/index.ts';
import { showPreview } from '../../cli/render/preview.ts';
import { act, say } from './print.ts';

/** Overwrites one file and makes another, then takes both back; what is said of the folder is read from it. */
export async function undo(
  custody: Custody,
  id: string,
  folder: string,
  until: (state: string) => Promise<void>,
): Promise<void> {
  act('custody checkpoint drafted');
  await custody.session(id).checkpoint('drafted', { reason: 'the draft is good' });
  const before = contentsOf(folder);
  await custody
    .session(id)
    .call('files.write_file', { path: 'draft.md', content: 'Something else altogether.' }, { callId: 'overwrite' });
  await custody.session(id).call('files.write_file', { path: 'notes.md', content: 'Not wanted.' }, { callId: 'notes' });
  say(`  the folder has ${listed(contentsOf(folder))}`);
  act('custody rollback --to drafted --preview');
  say(showPreview(await custody.session(id).previewRollback({ to: 'drafted' })).replace(/^/gm, '  '));
  act('custody rollback --to drafted');
  await custody.session(id).rollback({ to: 'drafted', reason: 'not what was asked for' });
  await until('PAUSED');
  const after = contentsOf(folder);
  if (JSON.stringify(after) !== JSON.stringify(before))
    throw new Error(`The folder is not as it was: ${listed(before)} before, ${listed(after)} now.`);
  say(`  the folder has ${listed(after)}: as it was, byte for byte`);
  act('custody resume');
  await custody.session(id).resume({ reason: 'on with it' });
  await until('RUNNING');
}

/** Files of the folder with their bytes; the trash is none of them. */
const contentsOf = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder)
    .filter((name) => name !== '.trash')
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), 'latin1')] as const);

const listed = (files: readonly (readonly [string, string])[]): string =>
  files.map(([name, text]) => `${name} (“${text.slice(0, 30)}${text.length > 30 ? '…' : ''}”)`).join(', ');
