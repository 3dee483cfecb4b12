import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../src/sqlite/sqlite-event-store.ts';
import { describeAdminContract } from '../admin/store-contract.ts';
import { type ContractOptions, describeStoreContract } from '../relay/contract.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let path = '';
const options: ContractOptions = {
	open: ({ dedupMs }) => {
		path = join(temporaryFolder(), 'relay.db');
		return openSqliteStore({ path, dedupMs });
	},
	// A second connection beside the first sees what the file holds, which is what a new process would see.
	reopen: () => openSqliteStore({ path, dedupMs: 7 * 86_400_000 }),
	async refuseDeliveries() {
		using other = new DatabaseSync(path);
		other.exec("CREATE TRIGGER refuse BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'refused'); END");
		return async () => {
			using again = new DatabaseSync(path);
			again.exec('DROP TRIGGER refuse');
		};
	},
	async hideTable(name) {
		using other = new DatabaseSync(path);
		other.exec(`ALTER TABLE ${name} RENAME TO hidden`);
		return async () => {
			using again = new DatabaseSync(path);
			again.exec(`ALTER TABLE hidden RENAME TO ${name}`);
		};
	},
};
describeStoreContract('the SQLite store', options);
describeAdminContract('the SQLite store', options);
