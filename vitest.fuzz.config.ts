import { defineConfig } from 'vitest/config';

/** The fuzzers, for as long as it takes: `npm run fuzz`. `npm test` makes a few of the same cases. */
export default defineConfig({
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    fileParallelism: false,
    silent: 'passed-only',
    env: { CUSTODY_FUZZ: process.env['CUSTODY_FUZZ'] ?? '10000' },
    hookTimeout: 180_000,
  },
});
