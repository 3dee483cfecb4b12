import {
	type Absence,
	HOSTS,
	type ListedAccount,
	memberOf,
	noAccountReached,
	PROFILE_FIELDS,
} from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { fieldsOptions, optionsParameter, readFields } from '../../../panel/options';
import { withReasons } from '../../../rows/columns';
import { scalar } from '../../../rows/mediaRows';
import { agentOutputParameters, outputParameters } from '../../descriptions/output';
import type { Operation } from '../operation';

/** Fields that name the account. Every row begins with them. */
const NAMING: readonly string[] = ['id', 'user_id', 'username'];

/** The profile of an account. */
export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get account',
	description:
		'Retrieve the current profile of an account: username, biography, and the number of followers, follows and posts',
	builderHint: 'Use for the profile and the number of followers today. For new followers over days, use getInsights.',
	fields: [accountParameter, ...outputParameters, optionsParameter(fieldsOptions('account'))],
	async *run(item) {
		const isInstagram = HOSTS[item.host].loginType === 'instagram';
		const chosen = readFields(item.options.fields);
		const client = await item.client();
		if (!item.simplify) {
			yield { ...(await client.profile({ fields: chosen, signal: item.signal })) } as IDataObject;
			return;
		}
		const fields = chosen ?? [...PROFILE_FIELDS, ...(isInstagram ? ['account_type'] : [])];
		// Ask for the names of the account too, so that they need no request of their own.
		const along = ['username', ...(isInstagram ? ['user_id'] : [])];
		const profile = await client.profile({ fields: [...new Set([...along, ...fields])], signal: item.signal });
		const shown = fields.map(memberOf).filter((name) => !NAMING.includes(name));
		yield withReasons(Object.fromEntries(shown.map((name) => [name, scalar(profile[name])])), []);
	},
};

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
