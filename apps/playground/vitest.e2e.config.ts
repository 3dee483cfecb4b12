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
		testTimeout: mode === 'trial' ? 300_000 : 90_000,
		hookTimeout: 90_000,
	},
}));
