import { describe, expect, test } from 'vitest';
import { loadDriver, openStore } from '../../src/cli/open-store.ts';

describe('openStore', () => {
	test.each(['sqlite:', 'sqlite::memory:', 'sqlite:file::memory:'])(
		'refuses %s, which would not outlive the process',
		async (url) => {
			await expect(openStore(url, { dedupMs: 1, as: 'relay' })).rejects.toThrow('RELAY_STORE does not name a file');
		},
	);

	test('names the supported kinds of store', async () => {
		await expect(openStore('mysql://x', { dedupMs: 1 })).rejects.toThrow('use sqlite:<path of a file> or postgres://');
	});

	test('says what to install when a driver is missing, in one line', async () => {
		await expect(loadDriver('@instagram-insights/not-installed')).rejects.toThrow(
			/^PostgreSQL needs a package that is not installed .*: npm install @instagram-insights\/not-installed$/,
		);
	});
});
