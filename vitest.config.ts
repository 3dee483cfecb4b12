import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		// The end-to-end tests (apps/playground/test/e2e) need a real n8n: scripts/run-tests.mjs runs them as a step of their own.
		projects: ['packages/*', 'apps/*', 'scripts'],
	},
});
