import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: process.env.CUSTODY_RECORD ? ['test/replay/record.ts'] : ['test/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    globalSetup: ['test/support/globalSetup.ts'],
    setupFiles: ['test/support/seed.ts'],
    // Most tests wait for timeouts of Temporal: files share two cores well.
    maxWorkers: 3,
    // Nobody waits so long on a quiet machine: on a busy one, nothing fails because it is busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default'],
    // What is printed by tests that pass, the logs of Temporal's SDK among it, is not shown: the result is read last.
    silent: 'passed-only',
  },
});
