import { defineConfig } from 'vitest/config';

const conditions = ['@instagram-insights/source', 'module', 'node', 'import', 'default'];

export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: {
		name: 'playground',
		include: ['test/**/*.test.ts'],
		exclude: ['test/e2e/**'],
		isolate: false,
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
