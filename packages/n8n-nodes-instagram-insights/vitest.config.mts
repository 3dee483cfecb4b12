import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const conditions = ['@instagram-insights/source', 'module', 'node', 'import', 'default'];
// The CommonJS build, as n8n loads it; the ESM build takes four times as long to import.
const alias = { 'n8n-workflow': createRequire(import.meta.url).resolve('n8n-workflow') };

// biome-ignore lint/style/noDefaultExport: the form vitest reads
export default defineConfig({
	resolve: { conditions, alias },
	ssr: { resolve: { conditions } },
	test: { name: 'nodes', include: ['test/**/*.test.mts'], isolate: false, testTimeout: 90_000, hookTimeout: 90_000 },
});
