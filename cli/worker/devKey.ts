import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keyInFile } from '../../keys/file.ts';
import { newDeploymentKey } from '../../keys/key.ts';
import { stateDir } from '../../worker/identity/home.ts';
import type { DeploymentKeys } from '../../worker/options.ts';

/**
 * The deployment key of `custody dev` on this machine, which is made at its first start. What sessions in a file of
 * before then hold carries no authentication, and counts.
 */
export async function devKey(): Promise<{ readonly file: string; readonly deployment: DeploymentKeys }> {
  const folder = stateDir();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'dev.key');
  const key = await keyInFile(file, newDeploymentKey);
  return { file, deployment: { keys: [key], acceptUnsignedUntil: Math.floor((await stat(file)).mtimeMs) } };
}
