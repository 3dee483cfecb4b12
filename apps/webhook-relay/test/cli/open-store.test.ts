import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/cli/open-store.ts';

describe('openStore', () => {
	test.each(['sqlite:', 'sqlite::memory:'])('refuses %s, which would not outlive the process', async (url) => {
		await expect(openStore(url, { dedupMs: 1, as: 'relay' })).rejects.toThrow('RELAY_STORE names no file');
	});

	test('names the kinds of store it knows', async () => {
		await expect(openStore('mysql://x', { dedupMs: 1 })).rejects.toThrow('use sqlite:<path of a file> or postgres://');
	});
});
