import { loadPrincipals } from '../config/principals.ts';
import type { Principals } from '../activities/deps.ts';

/**
 * The list of principals, read for each proof: whoever is added, and whatever key is revoked, counts from the next one
 * on. A list that cannot be read is none, not the last one that could.
 *
 * @param path absolute; undefined where custody.yaml names none
 */
export const principalsOf = (path: string | undefined): Principals => ({
  current: async () => (path === undefined ? null : loadPrincipals(path)),
});
