import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real servers, a real Redis and a real browser: slow machines get time, a hang still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // Tests that ask to run beside each other wait for servers most of their time.
    maxConcurrency: 24,
    // A forked process per file: what a test leaves running ends with it.
    pool: 'forks',
  },
});
