import { defineConfig } from 'vitest/config';

const conditions = ['@instagram-insights/source', 'module', 'node', 'import', 'default'];

export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: { name: 'sandbox', include: ['test/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 20_000 },
});
