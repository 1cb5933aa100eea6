import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['tests/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['server/**/*.test.ts', 'bench/**/*.test.ts', 'app/**/*.test.{ts,tsx}', 'tests/architecture/**/*.test.ts', 'tests/artefacts/**/*.test.ts'] } },
      { extends: true, test: { name: 'integration', include: ['tests/integration/**/*.test.ts', 'tests/faults/**/*.test.ts'] } },
      // outages of the servers around it; minutes each, so they are no part of npm test
      { extends: true, test: { name: 'faults', include: ['tests/faults/**/*.fault.ts'], fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 } },
      // one real server for all files, so one file at a time
      { extends: true, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], globalSetup: ['tests/e2e/support/global-setup.ts'], fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 } },
    ],
  },
})
