import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		name: 'scripts',
		include: ['test/**/*.test.{ts,mjs}'],
		isolate: false,
		testTimeout: 20_000,
		hookTimeout: 20_000,
	},
});
