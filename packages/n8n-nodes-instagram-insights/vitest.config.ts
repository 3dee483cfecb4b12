import { defineConfig } from 'vitest/config';

const conditions = ['@instagram-insights/source', 'module', 'node', 'import', 'default'];

export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: { name: 'nodes', include: ['test/**/*.test.mts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
