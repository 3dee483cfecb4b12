import { defineConfig } from 'vitest/config';

const conditions = ['@instagram-insights/source', 'module', 'node', 'import', 'default'];

export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: { name: 'core', include: ['test/**/*.test.ts'], isolate: false, testTimeout: 90_000, hookTimeout: 90_000 },
});
