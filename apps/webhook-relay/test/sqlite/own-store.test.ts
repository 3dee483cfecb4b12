import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/cli/open-store.ts';
import { ownStore } from '../../src/sqlite/database.ts';
import { killHard, startRelayProcess } from '../crash/relay-process.ts';
import { freePort } from '../free-port.ts';
import { startTestRelay } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('ownStore', () => {
	test('refuses a second owner, and names the first', () => {
		const path = join(temporaryFolder(), 'new', 'relay.db');
		const owned = ownStore(path);
		expect(() => ownStore(path)).toThrow(`already has a relay (process ${process.pid} on `);
		owned.release();
		ownStore(path).release();
	});

	test('takes two names of one file for one store', () => {
		const folder = temporaryFolder();
		const path = join(folder, 'relay.db');
		writeFileSync(path, '');
		symlinkSync(path, join(folder, 'other.db'));
		const owned = ownStore(path);
		onTestFinished(owned.release);
		expect(() => ownStore(join(folder, 'other.db'))).toThrow('already has a relay');
	});

	test('says why where nothing can be written', () => {
		expect(() => ownStore('/dev/null/x/relay.db')).toThrow(/cannot open \/dev\/null/);
	});
});

describe('two relays on one SQLite store', () => {
	test('are one too many: the second does not start, a command may work beside the first', async () => {
		const relay = await startTestRelay();
		await expect(startTestRelay({ folder: relay.folder })).rejects.toMatchObject({ kind: 'locked' });
		const beside = await openStore(`sqlite:${join(relay.folder, 'relay.db')}`, { dedupMs: 1000 });
		await beside.close();
		await relay.stop();
		await startTestRelay({ folder: relay.folder });
	});

	test('follow each other at once when the first is killed', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const relay = await startRelayProcess({
			RELAY_PORT: `${await freePort()}`,
			RELAY_STORE: `sqlite:${path}`,
			META_VERIFY_TOKEN: 'fake-verify',
			META_APP_SECRETS: 'instagram:fake-ig',
		});
		onTestFinished(() => killHard(relay));
		expect(() => ownStore(path)).toThrow(`already has a relay (process ${relay.pid} on `);
		await killHard(relay);
		ownStore(path).release();
	});
});
