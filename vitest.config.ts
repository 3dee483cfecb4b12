import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		// The end-to-end tests (apps/playground/test/e2e) need a real n8n: scripts/run-tests.ts runs them as a step of their own.
		projects: ['packages/*', 'apps/*', 'scripts'],
		// vitest would leave one core to itself; many tests wait for servers and processes.
		maxWorkers: availableParallelism(),
	},
});
