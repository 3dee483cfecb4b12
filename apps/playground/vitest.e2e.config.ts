import { defineConfig } from 'vitest/config';

// Without 'import' and 'module', which break packages that PostgreSQL's client requires.
const conditions = ['@instagram-insights/source', 'node'];

export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: {
		name: 'end to end',
		include: ['test/e2e/**/*.e2e.test.ts'],
		globalSetup: 'test/e2e/global-setup.ts',
		// One n8n serves all files: side by side they would wait for each other.
		fileParallelism: false,
		testTimeout: 90_000,
		hookTimeout: 90_000,
	},
});
