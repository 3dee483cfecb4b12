import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/sqlite/sqlite-event-store.ts';
import { commentReceipt, NOON } from '../relay/sample-receipt.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const DAY = 86_400_000;
const path = () => join(temporaryFolder(), 'relay.db');

async function open(file: string) {
	const store = await openSqliteStore({ path: file, dedupMs: 7 * DAY });
	onTestFinished(() => store.close());
	return store;
}

describe('what was seen, in SQLite', () => {
	test('is known again after a restart', async () => {
		const file = path();
		const first = await openSqliteStore({ path: file, dedupMs: 7 * DAY });
		await first.append(commentReceipt(['1', '2']));
		await first.close();
		expect(await (await open(file)).append(commentReceipt(['2', '3']))).toMatchObject({
			stored: [{}],
			duplicates: 1,
		});
	});

	test('is known of another process too', async () => {
		const file = path();
		const [one, two] = [await open(file), await open(file)];
		await one.append(commentReceipt(['1']));
		expect(await two.append(commentReceipt(['1', '2']))).toMatchObject({ duplicates: 1 });
		expect(await one.append(commentReceipt(['2']))).toMatchObject({ duplicates: 1 });
	});

	test('is forgotten when its time is over and its rows are gone, and then known anew', async () => {
		const store = await open(path());
		await store.append(commentReceipt(['1', '2']));
		const step = { now: NOON, eventsBefore: 0, keysBefore: NOON + 1, knownSubscribers: [], cursor: 0, limit: 100 };
		expect(await store.prune(step)).toMatchObject({ keys: 2, done: true });
		expect(await store.append(commentReceipt(['1']))).toMatchObject({ duplicates: 0, stored: [{}] });
		expect(await store.append(commentReceipt(['1']))).toMatchObject({ duplicates: 1 });
	});
});
