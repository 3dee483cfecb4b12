import { defineConfig } from 'vitest/config';

// Without 'import' and 'module', which break packages that PostgreSQL's client requires.
const conditions = ['@instagram-insights/source', 'node'];

export default defineConfig(({ mode }) => ({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: {
		name: 'end to end',
		// The trial works with a mouse in a browser: minutes, so it runs apart (--mode trial).
		include: [mode === 'trial' ? 'test/e2e/**/*.trial.ts' : 'test/e2e/**/*.e2e.test.ts'],
		globalSetup: 'test/e2e/global-setup.ts',
		// One n8n serves all files but those that restart theirs. Each has a sandbox of its own, and most of the time they wait.
		maxWorkers: 2,
		// A start of n8n takes 7 seconds on a quiet machine, and a minute on a slow and busy one.
		testTimeout: 300_000,
		hookTimeout: 300_000,
	},
}));
