import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Nearly every test starts a relay anew: with its compiled code kept that takes half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'relay-tests-compile-cache');

// Without 'import' and 'module': vitest hands these conditions to Node for CommonJS packages too, and a `require` that
// gets a package's ESM half breaks Express.
const conditions = ['@instagram-insights/source', 'node'];

export default defineConfig({
	resolve: { conditions },
	ssr: { resolve: { conditions } },
	test: {
		name: 'relay-postgres',
		include: ['test/**/*.test.ts'],
		testTimeout: 90_000,
		hookTimeout: 30_000,
		expect: { poll: { timeout: 10_000 } },
	},
});
