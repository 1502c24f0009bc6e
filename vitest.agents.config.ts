import { defineConfig } from 'vitest/config';

/** Tests with other people's agents and tools, which they install by themselves: `npm run test:agents`. */
export default defineConfig({
  test: {
    include: ['test/agents/**/*.agents.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
