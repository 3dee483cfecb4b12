import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const SOURCE = '@instagram-insights/source';
const CONDITIONS = [SOURCE, 'module', 'node', 'import', 'default'];
/**
 * Without 'import' and 'module': vitest hands these conditions to Node for CommonJS packages too, and a `require` that gets a
 * package's ESM half breaks Express.
 */
const FOR_EXPRESS = [SOURCE, 'node'];

// Nearly every test of the relay starts the store's threads anew: with their compiled code kept that takes half the time.
process.env.NODE_COMPILE_CACHE ??= path.join(tmpdir(), 'relay-tests-compile-cache');

/** The CommonJS build, as n8n loads it; the ESM build takes four times as long to import. */
const nodes = path.join(import.meta.dirname, 'packages/n8n-nodes-instagram-insights/package.json');
const n8nWorkflow = { 'n8n-workflow': createRequire(nodes).resolve('n8n-workflow') };

type Options = TestProjectInlineConfiguration['test'] & { conditions?: string[]; alias?: Record<string, string> };

function project(name: string, root: string, { conditions = CONDITIONS, alias = {}, ...test }: Options = {}) {
	return {
		root,
		resolve: { conditions, alias },
		ssr: { resolve: { conditions } },
		test: {
			name,
			include: ['test/**/*.test.{ts,mts,mjs}'],
			// Files share a process, which halves the time: no test changes what others import.
			isolate: false,
			testTimeout: 90_000,
			hookTimeout: 90_000,
			...test,
		},
	};
}

/** Threads, servers and processes of their own: each file gets a fresh process. */
const relay: Options = {
	conditions: FOR_EXPRESS,
	isolate: true,
	hookTimeout: 120_000,
	expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
	test: {
		projects: [
			project('core', 'packages/core'),
			project('nodes', 'packages/n8n-nodes-instagram-insights', { alias: n8nWorkflow }),
			project('sandbox', 'apps/graph-sandbox'),
			project('relay', 'apps/webhook-relay', relay),
			project('relay-postgres', 'packages/relay-postgres', relay),
			project('relay-otlp', 'packages/relay-otlp'),
			// The end-to-end tests need a real n8n: apps/playground/vitest.e2e.config.ts.
			project('playground', 'apps/playground', {
				exclude: ['test/e2e/**'],
				testTimeout: 120_000,
				hookTimeout: 120_000,
			}),
			project('scripts', 'scripts'),
		],
		// vitest would leave one core to itself; many tests wait for servers and processes.
		maxWorkers: availableParallelism(),
	},
});
