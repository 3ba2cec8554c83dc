import { defineConfig } from 'vitest/config';
import { summaryReporter } from './test/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores are what the smallest supported machine has; more workers would only compete with the servers,
    // databases and browsers that the tests start.
    maxWorkers: 2,
    reporters: ['default', summaryReporter],
  },
});
