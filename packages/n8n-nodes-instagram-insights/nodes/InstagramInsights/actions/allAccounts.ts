import { concernsAll, isInsightsError } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import type { AccountItem, Item } from './item';
import { changed, type Operation, type Outcome, ownedBy, type Row, RowWithFiles } from './operation';

/** Accounts to read in parallel: one batch holds 50 requests. */
const AT_ONCE = 50;

type Read = { readonly item: AccountItem; readonly rows: readonly Row[]; readonly error?: unknown };

/**
 * The rows of every account that the token reaches, in the order of the list. An account that cannot be read is one row
 * with its reason and does not affect the others.
 *
 * @throws {InsightsError} an error that concerns all accounts, or the first refusal if all accounts are refused
 */
export async function* ofAllAccounts(
	operation: Operation,
	item: Item,
	list: () => Promise<readonly AccountItem[]>,
): AsyncGenerator<Outcome> {
	const items = await list();
	const reads: Read[] = [];
	for (let at = 0; at < items.length; at += AT_ONCE) {
		const chunk = items.slice(at, at + AT_ONCE);
		reads.push(...(await Promise.all(chunk.map((one) => readAccount(operation, one)))));
		if (items.length > AT_ONCE) item.progress(`Read ${reads.length} of ${items.length} accounts`);
	}
	const refused = reads.filter(({ error }) => error !== undefined);
	if (refused.length === reads.length) throw refused[0]?.error;
	const first = reads.find(({ rows }) => rows.length > 0)?.rows[0];
	const known = first instanceof RowWithFiles ? first.json : first;
	const columns = known === undefined ? (operation.columns?.(item) ?? []) : Object.keys(known);
	for (const read of reads) {
		for (const row of read.rows) yield { item: read.item, row };
		if (read.error !== undefined) {
			yield { item: read.item, error: read.error, row: await reasonRow(read.item, read.error, columns) };
		}
	}
	if (refused.length > 0) {
		const names = refused.map(({ item: { account } }) => account.username ?? account.id).join(', ');
		item.hint(
			'note',
			`${refused.length} of ${reads.length} accounts could not be read: ${names}. The reason is in "unavailable".`,
		);
	}
}

async function readAccount(operation: Operation, item: AccountItem): Promise<Read> {
	const rows: Row[] = [];
	const read = async () => {
		const owner = await item.owner();
		for await (const row of operation.run(item)) {
			// A raw row is Meta's own object, which rarely names the account.
			const named = (json: IDataObject) => ({ account_id: item.account.id, ...json });
			rows.push(item.simplify ? ownedBy(owner, row) : changed(row, named));
		}
	};
	return read().then(
		() => ({ item, rows }),
		(error: unknown) => {
			// Any other error is a bug in this node, not a refusal.
			if (!isInsightsError(error) || concernsAll(error)) return Promise.reject(error);
			// If Meta did not refuse it, the question is wrong for all accounts.
			if (error.kind === 'invalid-query' && error.graph === undefined) return Promise.reject(error);
			return { item, rows, error };
		},
	);
}

/** A row with the columns of the other accounts, without values, and the reason. */
async function reasonRow(item: AccountItem, error: unknown, columns: readonly string[]): Promise<IDataObject> {
	const { id, username = null } = item.account;
	const words = isInsightsError(error) ? `${error.kind}: ${error.message}` : String(error);
	if (!item.simplify) return { account_id: id, username, unavailable: { account: words } };
	const empty = Object.fromEntries(['account_id', 'username', ...columns].map((name) => [name, null]));
	return { ...empty, account_id: id, username, unavailable: `account: ${words.replace(/\s+/g, ' ')}` };
}
