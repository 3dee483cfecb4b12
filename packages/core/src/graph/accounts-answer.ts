import { z } from 'zod/v4';
import { MediaAnswer } from './media-answer.ts';
import { flatOrWrapped, Id, itemsWithId, optional, Paging } from './read-answer.ts';

/** A Facebook Page. Its token is not read, so it cannot leak. */
export const PageAnswer = z.object({
	id: Id,
	name: z.string().nullish().catch(null),
	/** The business portfolio of the Page. Missing for a Page outside any portfolio, and where it was not asked for. */
	business: optional(z.object({ id: Id, name: z.string().nullish().catch(null) })).catch(null),
	/** Missing for a Page without a linked professional account. */
	instagram_business_account: optional(
		z.object({
			id: Id,
			username: z.string().nullish().catch(null),
			name: z.string().nullish().catch(null),
			followers_count: z.number().nullish().catch(null),
			media_count: z.number().nullish().catch(null),
		}),
	).catch(null),
});

/** A part of `/me/accounts` (Facebook host). */
export const AccountsAnswer = z.object({
	data: z.preprocess(itemsWithId, z.array(PageAnswer)),
	paging: Paging,
});
export type AccountsAnswer = z.infer<typeof AccountsAnswer>;

type NamedNode = { readonly id: string; readonly name?: string };

/** A professional account that a token reaches. */
export type ReachableAccount = {
	readonly id: string;
	readonly username?: string;
	readonly name?: string;
	readonly followersCount?: number;
	readonly mediaCount?: number;
	/** The Facebook Page it is linked to; only on graph.facebook.com. */
	readonly page?: NamedNode;
	/** The business portfolio of that Page; only where it was asked for and Meta gave it. */
	readonly portfolio?: NamedNode;
};

/** The accounts linked to the Pages of an answer, in its order. Pages without an account are left out. */
export function reachableAccounts(answer: AccountsAnswer): ReachableAccount[] {
	return answer.data.flatMap(({ id, name, business, instagram_business_account: account }) => {
		if (!account) return [];
		const portfolio = business ? { portfolio: namedNode(business) } : {};
		return [{ id: account.id, ...namedFacts(account), page: namedNode({ id, name }), ...portfolio }];
	});
}

function namedNode({ id, name }: { readonly id: string; readonly name?: string | null | undefined }): NamedNode {
	return { id, ...(name ? { name } : {}) };
}

/** The known fields of an account; those that are missing or of another type are left out. */
export function namedFacts(
	fields: Readonly<Record<string, unknown>>,
): Omit<ReachableAccount, 'id' | 'page' | 'portfolio'> {
	const { username, name, followers_count: followersCount, media_count: mediaCount } = fields;
	return {
		...(typeof username === 'string' && username !== '' ? { username } : {}),
		...(typeof name === 'string' && name !== '' ? { name } : {}),
		...(typeof followersCount === 'number' ? { followersCount } : {}),
		...(typeof mediaCount === 'number' ? { mediaCount } : {}),
	};
}

/**
 * The account node. On graph.instagram.com `user_id` is the id of the professional account and `id` belongs to the
 * app; on graph.facebook.com there is `id` alone. Both are strings. Every other field is kept under Graph's own name;
 * a field the host does not know is missing, without an error (S16).
 */
export const ProfileAnswer = flatOrWrapped(
	z
		.looseObject({ id: Id.optional(), user_id: Id.optional() })
		.refine((profile) => profile.id !== undefined || profile.user_id !== undefined, {
			error: 'neither id nor user_id',
		}),
);
export type ProfileAnswer = z.infer<typeof ProfileAnswer>;

/** The id of the professional account, which all other calls take. */
export function accountIdOf(profile: ProfileAnswer): string | undefined {
	return profile.user_id ?? profile.id;
}

/**
 * Another professional account, nested in the answer of the asking account: its public fields, and its media if asked for.
 * Missing for one that Meta does not show.
 */
export const DiscoveryAnswer = z.object({
	business_discovery: optional(z.looseObject({ id: Id, username: z.string().nullish(), media: optional(MediaAnswer) })),
});
export type DiscoveryAnswer = z.infer<typeof DiscoveryAnswer>;
