import { defineConfig } from 'vitest/config';

/** Tests of what is pure: they share what they load, file after file. */
const PURE = ['protocol', 'session', 'config', 'store'].map((folder) => `test/${folder}/**/*.test.ts`);

/** A Temporal for all others. */
const globalSetup = ['test/support/globalSetup.ts'];

export default defineConfig({
  test: {
    exclude: ['dist/**', 'node_modules/**'],
    setupFiles: ['test/support/seed.ts'],
    // More than there are cores, as many tests wait for timeouts of Temporal.
    maxWorkers: 5,
    // Nobody waits so long on a quiet machine: on a busy one, nothing fails because it is busy.
    testTimeout: 400_000,
    hookTimeout: 400_000,
    reporters: ['default'],
    // What is printed by tests that pass, the logs of Temporal's SDK among it, is not shown: the result is read last.
    silent: 'passed-only',
    projects: process.env.CUSTODY_RECORD
      ? [{ extends: true, test: { name: 'record', globalSetup, include: ['test/replay/record.ts'] } }]
      : [
          { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
          { extends: true, test: { name: 'live', globalSetup, include: ['test/**/*.test.ts'], exclude: PURE } },
        ],
  },
});
