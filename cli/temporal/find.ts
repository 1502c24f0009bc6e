import { CustodyError } from '../../protocol/errors.ts';
import { goBuild } from './goBuild.ts';
import { sdkDownload } from './sdkDownload.ts';
import { installedCli, type Surroundings, type Way } from './ways.ts';

/** The ways to an executable, in the order in which they are tried. */
export const WAYS: readonly Way[] = [installedCli, sdkDownload, goBuild];

/**
 * The path of a `temporal` executable, by the first way that works.
 *
 * What is at hand goes before what must be downloaded or built, so that a second start needs no network.
 *
 * @throws CustodyError EMBEDDED_TEMPORAL_UNAVAILABLE that names every way and why it failed.
 */
export async function findTemporal(surroundings: Surroundings, ways: readonly Way[] = WAYS): Promise<string> {
  for (const way of ways) {
    const path = await way.present(surroundings);
    if (path !== undefined) return path;
  }
  const failures: string[] = [];
  for (const way of ways) {
    try {
      return await way.obtain(surroundings);
    } catch (error) {
      failures.push(`  - ${way.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new CustodyError(
    'EMBEDDED_TEMPORAL_UNAVAILABLE',
    ['No Temporal could be found, downloaded or built:', '  - an address: none was given', ...failures].join('\n'),
  );
}
