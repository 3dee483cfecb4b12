import { z } from 'zod/v4';
import { Paging } from './cursor.ts';
import { Id } from './id.ts';

/** A page of `/me/accounts` (Facebook host). Page tokens are not read: what is not read cannot leak. */
export const AccountsAnswer = z.object({
	data: z.array(
		z.object({
			id: Id,
			name: z.string().nullish(),
			/** Missing for a Page without a linked professional account. */
			instagram_business_account: z
				.object({ id: Id, username: z.string().nullish(), name: z.string().nullish() })
				.nullish(),
		}),
	),
	paging: Paging,
});
export type AccountsAnswer = z.infer<typeof AccountsAnswer>;

/** A professional account that a token reaches. */
export type ReachableAccount = {
	readonly id: string;
	readonly username?: string;
	readonly name?: string;
	/** The Facebook Page it is linked to; only on graph.facebook.com. */
	readonly page?: { readonly id: string; readonly name?: string };
};

/** The accounts behind the Pages of an answer, in its order; Pages without one are left out. */
export function reachableAccounts(answer: AccountsAnswer): ReachableAccount[] {
	return answer.data.flatMap(({ id, name, instagram_business_account: account }) => {
		if (!account) return [];
		return [
			{
				id: account.id,
				...(account.username ? { username: account.username } : {}),
				...(account.name ? { name: account.name } : {}),
				page: { id, ...(name ? { name } : {}) },
			},
		];
	});
}
