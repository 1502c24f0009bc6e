import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withProgress } from './progress.ts';
import { run } from './run.ts';
import { ifExecutable, isExecutable, type Surroundings, type Way } from './ways.ts';

const require = createRequire(import.meta.url);

/** Milliseconds that a download may take in all. */
const TIME_LIMIT = 10 * 60_000;

/**
 * Starts the SDK's dev server once and stops it. The SDK gives no path of what it downloads, but leaves it in
 * `downloadDir`. This runs in a process of its own, because the first use of the SDK's runtime in a process fixes
 * the options of that runtime, which are the worker's to choose.
 */
const DOWNLOAD_SCRIPT = `
const [testing, downloadDir] = process.argv.slice(1);
require(testing).TestWorkflowEnvironment
  .createLocal({ server: { executable: { type: 'cached-download', downloadDir, ttl: '3650 days' } } })
  .then((environment) => environment.teardown())
  .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

const downloadDir = ({ cacheDir }: Surroundings): string => join(cacheDir, 'temporal', 'download');

/** Where the SDK of this version leaves the executable. @throws Error when the optional package is not installed. */
function downloadedFile(surroundings: Surroundings): string {
  let version: string;
  try {
    ({ version } = require('@temporalio/testing/package.json') as { version: string });
  } catch (cause) {
    throw new Error('the optional package @temporalio/testing is not installed', { cause });
  }
  return join(downloadDir(surroundings), `temporal-sdk-typescript-${version}`);
}

/** The Temporal CLI as the Temporal SDK downloads it for its own test environment. */
export const sdkDownload: Way = {
  name: "the download of Temporal's SDK",

  async present(surroundings) {
    try {
      return await ifExecutable(downloadedFile(surroundings));
    } catch {
      return undefined;
    }
  },

  async obtain(surroundings) {
    const file = downloadedFile(surroundings);
    const folder = downloadDir(surroundings);
    await mkdir(folder, { recursive: true });
    const args = ['-e', DOWNLOAD_SCRIPT, require.resolve('@temporalio/testing'), folder];
    try {
      await withProgress('Downloading the Temporal CLI', surroundings.log, () =>
        run(process.execPath, args, { env: surroundings.env, timeout: TIME_LIMIT }),
      );
    } catch (error) {
      // On a slow machine the download can succeed and only its first start fail.
      if (!(await isExecutable(file))) throw error;
    }
    return file;
  },
};
