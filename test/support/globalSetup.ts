import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedTemporal } from '../../cli/temporal/embedded.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';

/**
 * One payload store for the whole run, never the user's own; and one Temporal: that at CUSTODY_TEST_ADDRESS if it is
 * set, else a dev server of our own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const store = await mkdtemp(join(tmpdir(), 'custody-payloads-'));
  process.env['CUSTODY_STORE'] = store;
  const temporal = await startEmbeddedTemporal({
    address: process.env['CUSTODY_TEST_ADDRESS'],
    headless: true,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    log: console.log,
  });
  project.provide('temporalAddress', temporal.address);
  return async () => {
    await temporal.stop();
    await rm(store, { recursive: true, force: true });
  };
}
