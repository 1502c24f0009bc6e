import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: process.env.CUSTODY_RECORD ? ['test/replay/record.ts'] : ['test/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    globalSetup: ['test/support/globalSetup.ts'],
    setupFiles: ['test/support/seed.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});
