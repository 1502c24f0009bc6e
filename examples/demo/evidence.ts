import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { act, say } from './print.ts';
import { CUSTODY, type Stage } from './stage.ts';

/**
 * Seals the session, verifies its bundle and makes a report of it, as somebody does who has the bundle and the key of
 * who sealed it. What is printed is what the commands print. All of it stays among the temporary files.
 */
export async function seal({ config, store, vkey, temporal }: Stage, id: string): Promise<void> {
  const cwd = join(tmpdir(), `custody-demo-${id}`);
  await mkdir(cwd);
  await writeFile(join(cwd, 'evidence.vkey'), `${vkey}\n`);
  const env = { ...process.env, CUSTODY_STORE: store };
  const custody = async (command: string, ...more: readonly string[]): Promise<void> => {
    act(`custody ${command}`);
    const args = [CUSTODY, ...command.split(' '), ...more];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
    if (stdout !== '') say(stdout.trimEnd().replace(/^(?=.)/gm, '  '));
  };
  await custody(`audit seal ${id} -o bundle`, '--config', config, '--address', temporal.address);
  await custody('verify bundle --trust evidence.vkey');
  await custody('report bundle --trust evidence.vkey --format html -o report.html');
  say(`  The report, for a browser: ${join(cwd, 'report.html')}`);
}
