import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

/** As workflows/sdk/failureConverter.ts has it, and what it becomes: texts of one length, as a source map follows. */
const CLEAR = 'custody failure texts: clear!';
const HIDDEN = 'custody failure texts: hidden';

/**
 * A file of the build: in the folder beside this one or, when run from source, in dist/.
 * @param path from the root of the package
 */
export function builtFile(path: string): string {
  const beside = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
}

/** The workflows that `npm run build` bundled. @param hidesTexts texts of failures go through the codec */
export async function workflowBundle(hidesTexts: boolean): Promise<NonNullable<WorkerOptions['workflowBundle']>> {
  const codePath = builtFile('workflows/bundle.cjs');
  if (!hidesTexts) return { codePath };
  const code = await readFile(codePath, 'utf8');
  if (!code.includes(CLEAR)) throw new Error('The bundle of the workflows does not say how failures are written.');
  return { code: code.replace(CLEAR, HIDDEN) };
}
