import { type Account, type AccountOptions, createAccount } from './account.ts';
import { type AccountTruth, createAccountTruth } from './account-truth.ts';
import { KNOWN_ACCOUNTS } from './known-accounts.ts';
import type { Media } from './media.ts';
import { pacificDay } from './pacific-day.ts';
import { createTokenRegistry, type TokenRegistry } from './token-registry.ts';

export type WorldOptions = {
	/** Number of posts of the account `large`; default 2,400. */
	readonly media?: number;
	/** Share (0 to 1) of the oldest posts of `large` made before its business conversion; default 0.05. */
	readonly beforeConversionShare?: number;
	/** Share (0 to 1) of posts of `large` that are ads and answer no metric; default 0.01. */
	readonly adShare?: number;
	/** Share (0 to 1) of posts of `large` that are old feed videos refusing `views`; default 0. */
	readonly legacyVideoShare?: number;
	/** Hours between two posts of `large`; default 12.8. */
	readonly postsEveryHours?: number;
	/** More accounts, or known ones with other facts (same `key`). */
	readonly accounts?: readonly AccountOptions[];
};

/** Everything the sandbox pretends exists, and the true numbers of it, for tests to state what they expect. */
export type World = {
	readonly seed: string;
	readonly startedAt: Date;
	readonly now: () => Date;
	/** By key: `bakery`, `large`, `tiny`, `brand-new`, and those of the options. */
	readonly accounts: Readonly<Record<string, AccountTruth>>;
	readonly tokens: TokenRegistry;
	/** The account by key. @throws {RangeError} when there is none. */
	account(key: string): AccountTruth;
	/** The account by professional id, app-scoped id or Page id. */
	accountById(id: string): AccountTruth | undefined;
	/** A post, story or album child by id, whatever account it belongs to. */
	mediaById(id: string): Media | undefined;
};

export function createWorld(options: WorldOptions, seed: string, now: () => Date): World {
	const startedAt = now();
	const startDay = pacificDay(startedAt);
	const accounts: Account[] = accountOptions(options).map((account, index) =>
		createAccount(account, String(index + 11), startDay),
	);
	const truths: Record<string, AccountTruth> = {};
	for (const account of accounts) truths[account.key] = createAccountTruth(seed, account, startedAt, now);
	const all = Object.values(truths);
	return {
		seed,
		startedAt,
		now,
		accounts: truths,
		tokens: createTokenRegistry(accounts, startedAt),
		account(key) {
			const found = truths[key];
			if (found === undefined)
				throw new RangeError(`no account "${key}" in this world: ${Object.keys(truths).join(', ')}`);
			return found;
		},
		accountById: (id) => all.find((a) => a.id === id || a.appScopedId === id || a.pageId === id),
		mediaById(id) {
			for (const account of all) {
				const media = account.findMedia(id);
				if (media !== undefined) return media;
			}
			return undefined;
		},
	};
}

function accountOptions(options: WorldOptions): AccountOptions[] {
	const large = {
		...(options.media === undefined ? {} : { count: options.media }),
		...(options.beforeConversionShare === undefined ? {} : { beforeConversionShare: options.beforeConversionShare }),
		...(options.adShare === undefined ? {} : { adShare: options.adShare }),
		...(options.legacyVideoShare === undefined ? {} : { legacyVideoShare: options.legacyVideoShare }),
		...(options.postsEveryHours === undefined ? {} : { everyHours: options.postsEveryHours }),
	};
	const extra = options.accounts ?? [];
	const known = KNOWN_ACCOUNTS.map((account) => {
		const changed = extra.find((candidate) => candidate.key === account.key);
		const sized = account.key === 'large' ? { ...account, posts: { ...account.posts, ...large } } : account;
		return changed === undefined ? sized : { ...sized, ...changed, posts: { ...sized.posts, ...changed.posts } };
	});
	return [...known, ...extra.filter((account) => !KNOWN_ACCOUNTS.some((one) => one.key === account.key))];
}
