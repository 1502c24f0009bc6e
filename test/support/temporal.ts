import { inject } from 'vitest';
import {
  startEmbeddedTemporal,
  type EmbeddedTemporal,
  type EmbeddedTemporalOptions,
} from '../../cli/temporal/embedded.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
  }
}

/**
 * `host:port` of the one server that all tests of a run share (see globalSetup.ts). Tests keep apart by workflow ids
 * and task queues.
 */
export const temporalAddress = (): string => inject('temporalAddress');

/** A server of the test's own, to be killed: without UI, with the search attributes of Custody. The test stops it. */
export const startOwnTemporal = (
  options: Omit<EmbeddedTemporalOptions, 'searchAttributes'> = {},
): Promise<EmbeddedTemporal> =>
  startEmbeddedTemporal({ headless: true, searchAttributes: Object.values(SEARCH_ATTRIBUTES), ...options });
