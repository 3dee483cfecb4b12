import { join } from 'node:path';
import { openSqliteStore } from '../../src/sqlite/sqlite-event-store.ts';
import { describeStoreContract } from '../relay/contract.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let path = '';
describeStoreContract('the SQLite store', {
	open: ({ dedupMs }) => {
		path = join(temporaryFolder(), 'relay.db');
		return openSqliteStore({ path, dedupMs });
	},
	// A second connection beside the first sees what the file holds, which is what a new process would see.
	reopen: () => openSqliteStore({ path, dedupMs: 7 * 86_400_000 }),
});
