import { defineConfig } from 'vitest/config';
import { summaryReporter } from './test/summary-reporter.ts';

/** Tests that need the package registry; everything else is in vitest.config.ts. */
export default defineConfig({
  test: {
    include: ['test/online/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // A first fetch of the largest package is a download of 200 MB.
    testTimeout: 200_000,
    reporters: ['default', summaryReporter],
  },
});
