import { optionsParameter } from '../../../panel/options';
import { agentOutputParameters } from '../../descriptions/output';
import type { Operation } from '../operation';

/** The accounts that the credential reaches. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many accounts',
	description:
		'Retrieve every Instagram professional account that the credential reaches, with its followers and number of posts. To read the numbers of all of them, choose "All accounts" under Account in the other operations.',
	builderHint:
		'Use to list the accounts a token reaches. To read numbers of all of them, set account to the value all in another operation; you do not need a loop.',
	fields: [...agentOutputParameters(), optionsParameter()],
	ofNoAccount: true,
	async *run(item) {
		const client = await item.client();
		const accounts = await client.accounts({ signal: item.signal });
		if (accounts.length === 0) item.hint('no-accounts');
		for (const { id, username, name, followersCount, mediaCount, page } of accounts) {
			const facts = { followers_count: followersCount ?? null, media_count: mediaCount ?? null };
			const names = { account_id: id, username: username ?? null, name: name ?? null };
			yield { ...names, ...facts, pageId: page?.id ?? null, pageName: page?.name ?? null, id, unavailable: '' };
		}
	},
};
