import {
	isInsightsError,
	type MediaFields,
	type OtherAccount,
	postingHabits,
	readUsername,
} from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../panel/account';
import { readNames } from '../../panel/metrics';
import { optionsParameter } from '../../panel/options';
import { readWholeNumber, wrongSetting } from '../../panel/wrongSetting';
import { withReasons } from '../../rows/columns';
import { scalar } from '../../rows/mediaRows';
import { readLimit, resultCountParameters } from '../descriptions/listParameters';
import { outputParameters } from '../descriptions/output';
import type { Item } from './item';
import { othersRow } from './media/ofOthers.operation';
import type { Operation } from './operation';

const lookingAccount: INodeProperties = {
	...accountParameter,
	description: 'Your own account, which makes the request. Any account that the credential reaches works.',
};

const usernames: INodeProperties = {
	displayName: 'Username',
	name: 'username',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. natgeo, nasa',
	description:
		'Username of a professional (business or creator) account, with or without @, or a link to its profile. Separate several with commas; each one gets its own rows. Personal and age-restricted accounts cannot be read.',
	hint: 'Works with Facebook Login only',
};

const POSTS = {
	displayName: 'Posts to Average',
	name: 'posts',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 50 },
	default: 25,
	description: 'How many of the latest posts to average. Maximum 50; 0 reads the profile only.',
} as const satisfies INodeProperties;

/** The public profile of other accounts, with rates that are comparable between accounts of any size. One row per account. */
export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get other account',
	description:
		'Retrieve the public profile of other Instagram accounts by username: followers, posts, posts per week, and likes and comments per post and per follower. Use it to compare competitors. Returns one row per account. Facebook Login only.',
	builderHint: 'Use to compare competitors: one row per username. Several usernames are separated by commas.',
	fields: [lookingAccount, usernames, ...outputParameters, optionsParameter([POSTS])],
	ofNoAccount: true,
	async *run(item) {
		const client = await item.client();
		const posts = readWholeNumber('posts', item.options.posts ?? POSTS.default, { to: 50 });
		for (const username of readUsernames(item)) {
			const found: Found = await client
				.otherAccount(username, { posts, signal: item.signal })
				.catch((error: unknown) => ({ error: reasonOf(error, item) }));
			if (!item.simplify) yield 'error' in found ? { username, error: found.error } : rawProfile(found);
			else yield profileRow(username, found, item.now);
		}
	},
};

/** Posts of other accounts, newest first. */
export const getMedia: Operation = {
	value: 'getMedia',
	name: 'Get Media',
	action: 'Get media of other account',
	description:
		'Retrieve the latest posts and reels of other Instagram accounts by username, newest first, with likes, comments, the views of reels, caption and link. Meta gives no insights of other accounts. Facebook Login only.',
	builderHint: 'Use for the posts of competitors. Their reach and other insights cannot be read.',
	fields: [lookingAccount, usernames, ...resultCountParameters, ...outputParameters, optionsParameter()],
	ofNoAccount: true,
	async *run(item) {
		const client = await item.client();
		const limit = readLimit(item);
		for (const username of readUsernames(item)) {
			let count = 0;
			try {
				for await (const { accountId, media } of client.otherMedia({ username, limit }, { signal: item.signal })) {
					count += media.length;
					const owner = { account_id: accountId, username };
					yield* media.map((one) =>
						item.simplify ? { ...owner, ...mediaColumns(one, item) } : ({ ...one } as IDataObject),
					);
				}
				if (count === 0) item.hint('note', `@${username} has no posts.`);
			} catch (error) {
				yield missingRow(username, reasonOf(error, item), item);
			}
		}
	},
};

/** @throws {InsightsError} `invalid-query`: no username, or one that cannot be a username */
function readUsernames(item: Item): string[] {
	const value = item.parameter('username', '');
	const named = readNames(typeof value === 'string' ? value.replaceAll(';', ',') : value);
	if (named.length === 0) {
		const message =
			'The username is empty. Enter one as on the profile, for example natgeo. If you use an expression, it returned nothing for this item.';
		throw wrongSetting('username', value, message);
	}
	return [...new Set(named.map(readUsername))];
}

type Found = OtherAccount | { readonly error: string };

/** If several accounts were asked for, one that cannot be read becomes a row with its reason. */
function reasonOf(error: unknown, item: Item): string {
	const isItsOwn = isInsightsError(error) && error.kind === 'not-found' && readUsernames(item).length > 1;
	if (!isItsOwn) throw error;
	item.hint('note', `${error.message} ${error.advice}`);
	return error.message;
}

const PROFILE_FIELDS = ['name', 'followers_count', 'follows_count', 'media_count'];
const TEXT_FIELDS = ['biography', 'website'];

function profileRow(username: string, found: Found, now: Date): IDataObject {
	const isMissing = 'error' in found;
	const profile = isMissing ? {} : found.profile;
	const followers = typeof profile.followers_count === 'number' ? profile.followers_count : null;
	const habits = postingHabits(isMissing ? [] : found.media, followers, now);
	const shown = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, scalar(profile[name])]));
	const row = {
		account_id: scalar(profile.id),
		username,
		...shown(PROFILE_FIELDS),
		posts_averaged: isMissing ? null : habits.posts,
		posts_per_week: habits.postsPerWeek,
		likes_per_post: habits.likesPerPost,
		comments_per_post: habits.commentsPerPost,
		engagement_rate_by_followers: habits.engagementRateByFollowers,
		...shown(TEXT_FIELDS),
		image_url: scalar(profile.profile_picture_url),
		permalink: `https://www.instagram.com/${username}/`,
	};
	if (isMissing) return withReasons(row, [{ column: 'account', reason: 'not-found', message: found.error }]);
	const gaps = (['posts_per_week', 'likes_per_post', 'comments_per_post', 'engagement_rate_by_followers'] as const)
		.filter((column) => row[column] === null)
		.map((column) => ({ column, reason: 'no-data' as const }));
	return withReasons(row, gaps);
}

function rawProfile({ profile, media }: OtherAccount): IDataObject {
	return { ...profile, ...(media.length === 0 ? {} : { media }) } as IDataObject;
}

/** The counts that Meta shows for the media of others, and the reason to give for each if it is missing. */
const COUNTS = { like_count: 'withheld', comments_count: 'no-data', view_count: 'unsupported' } as const;

function mediaColumns(media: MediaFields, item: Item): IDataObject {
	const row = Object.entries(othersRow(media, COUNTS, true, item));
	return Object.fromEntries(row.filter(([name]) => name !== 'posted_by'));
}

/** An account that cannot be read, in the columns of the posts of others. */
function missingRow(username: string, error: string, item: Item): IDataObject {
	if (!item.simplify) return { username, error };
	const empty = Object.keys(mediaColumns({ id: '' }, item)).map((name) => [name, null]);
	const row = { account_id: null, username, ...Object.fromEntries(empty) };
	return withReasons(row, [{ column: 'account', reason: 'not-found', message: error }]);
}
