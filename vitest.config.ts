import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: process.env.CUSTODY_RECORD ? ['test/replay/record.ts'] : ['test/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    globalSetup: ['test/support/globalSetup.ts'],
    setupFiles: ['test/support/seed.ts'],
    maxWorkers: 2,
    // Tests with real processes and timers share the machine with whatever else runs; a retry is shown in the report.
    retry: process.env.CI === 'true' ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});
