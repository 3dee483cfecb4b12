import { type Absence, type ListedAccount, noAccountReached } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { optionsParameter } from '../../../panel/options';
import { withReasons } from '../../../rows/columns';
import { agentOutputParameters } from '../../descriptions/output';
import type { Operation } from '../operation';

/** The accounts that the credential reaches. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many accounts',
	description:
		'Retrieve every Instagram professional account that the credential reaches, with its followers, number of posts, Facebook Page and business portfolio. To read the numbers of all of them, choose "All accounts" under Account in the other operations.',
	builderHint:
		'Use to list the accounts a token reaches. To read numbers of all of them, set account to the value all in another operation; you do not need a loop.',
	fields: [...agentOutputParameters(), optionsParameter()],
	ofNoAccount: true,
	async *run(item) {
		const client = await item.client();
		const accounts = await client.accounts({ portfolios: true, signal: item.signal });
		if (accounts.length === 0) throw noAccountReached(item.host);
		yield* accounts.map(accountRow);
	},
};

/** One account as a row. Every column without a value has its reason. */
function accountRow({ id, page, portfolio, noPortfolio, ...account }: ListedAccount): IDataObject {
	const row = {
		account_id: id,
		username: account.username ?? null,
		name: account.name ?? null,
		followers_count: account.followersCount ?? null,
		media_count: account.mediaCount ?? null,
		pageId: page?.id ?? null,
		pageName: page?.name ?? null,
		portfolio: portfolio?.name ?? null,
		portfolio_id: portfolio?.id ?? null,
		id,
	};
	const reasons: Readonly<Record<string, Absence>> = {
		...(page === undefined ? { pageId: ONLY_PAGES, pageName: ONLY_PAGES } : {}),
		...(noPortfolio === undefined ? {} : { portfolio: noPortfolio, portfolio_id: noPortfolio }),
	};
	const empty = Object.entries(row).filter(([, value]) => value === null);
	return withReasons(
		row,
		empty.map(([column]) => ({ column, ...(reasons[column] ?? { reason: 'no-data' }) })),
	);
}

/** With Instagram Login there are no Pages. */
const ONLY_PAGES: Absence = { reason: 'unsupported' };
