import type { TestProject } from 'vitest/node';
import { startEmbeddedTemporal } from '../../cli/temporal/embedded.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';

/** One Temporal for the whole run: that at CUSTODY_TEST_ADDRESS if it is set, else a dev server of our own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporal = await startEmbeddedTemporal({
    address: process.env['CUSTODY_TEST_ADDRESS'],
    headless: true,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    log: console.log,
  });
  project.provide('temporalAddress', temporal.address);
  return () => temporal.stop();
}
