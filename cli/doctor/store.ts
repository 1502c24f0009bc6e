import { problemOfFolder } from '../../store/location.ts';
import { type Check, fail, ok, warn } from './check.ts';

/**
 * Can values above 64 KiB be kept, and do clients here look where workers keep them?
 * @param clients folder that clients here have
 */
export async function checkStore(workers: string, clients: string): Promise<Check> {
  const name = 'payload store';
  for (const dir of [workers, clients]) {
    const problem = await problemOfFolder(dir);
    if (problem !== undefined)
      return fail(
        name,
        `${dir} cannot be used: ${problem}`,
        'Make the folder, or name another with `store.folder` in custody.yaml, --store or CUSTODY_STORE.',
      );
  }
  return workers === clients
    ? ok(name, workers)
    : warn(
        name,
        `workers under this configuration have ${workers}, clients here ${clients}`,
        `Give clients --store ${workers}, or set CUSTODY_STORE; else neither finds what the other keeps.`,
      );
}
