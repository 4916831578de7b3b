import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Sessions start containers: on a busy machine each takes its time, and a hang still ends the run.
    testTimeout: 120_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    globalSetup: ['test/helpers/global.ts'],
  },
});
