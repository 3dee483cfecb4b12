import {
	type Absence,
	addDays,
	bestTimes,
	FEWEST_POSTS_FOR_SCORE,
	type HoursOfDay,
	type Insight,
	type InsightsClient,
	isInsightsError,
	lastCompleteDay,
	type MediaFields,
	publishedAt,
	type TimedPost,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { optionsParameter } from '../../../panel/options';
import { wrongSetting } from '../../../panel/wrongSetting';
import { withReasons } from '../../../rows/columns';
import { publishedParameters } from '../../descriptions/dateRange';
import { inFilter, readFilter } from '../../descriptions/listParameters';
import { agentOutputParameters } from '../../descriptions/output';
import type { Item } from '../item';
import type { Operation } from '../operation';

/** Metrics to judge posts by: every kind of post has them, on both hosts. */
const METRICS = {
	total_interactions: 'All Interactions',
	comments: 'Comments',
	likes: 'Likes',
	reach: 'Reach',
	saved: 'Saves',
	shares: 'Shares',
	views: 'Views',
} as const;

/** The parameter for the metric that decides how well a post did. */
export const judgedByParameter: INodeProperties = {
	displayName: 'Judge Posts By',
	name: 'judgeBy',
	type: 'options',
	options: Object.entries(METRICS).map(([value, name]) => ({ name, value })),
	default: 'reach',
	description: 'The metric that decides how well a post did',
};

/** @throws {InsightsError} `invalid-query`: an expression gave another metric */
export function readJudgedBy(item: { parameter(name: string, fallback?: unknown): unknown }): string {
	const value = String(item.parameter('judgeBy', 'reach'));
	if (Object.hasOwn(METRICS, value)) return value;
	const message = `Posts cannot be judged by "${value}". Choose one of ${Object.keys(METRICS).join(', ')}.`;
	throw wrongSetting('judgeBy', value, message);
}

/** Meta keeps the hours of about this many days. */
const DAYS_ONLINE = 28;

/** For each hour of the week: the followers online, and how well posts of that hour did. */
export const getBestTimes: Operation = {
	value: 'getBestTimes',
	name: 'Get Best Times',
	action: 'Get best times to post',
	description:
		"Find out when to post. Returns one row per weekday and hour in the workflow's time zone, with the followers online and the results of the account's own posts in that hour. A score of 1 means a typical post; hours with fewer than three posts have no score.",
	builderHint:
		'Use for when to post. One row per weekday and hour, in the order of the week and in the time zone of the workflow; sort by score for the best.',
	fields: [
		accountParameter,
		judgedByParameter,
		...publishedParameters({ preselected: 'last90Days' }),
		...agentOutputParameters(),
		optionsParameter(),
	],
	async *run(item) {
		const metric = readJudgedBy(item);
		const client = await item.client();
		const posts: TimedPost[] = [];
		for await (const { items } of client.media({ metrics: [metric], ...readFilter(item) }, { signal: item.signal })) {
			posts.push(...items.flatMap(({ media, insights }) => timedPost(media, insights, metric)));
		}
		yield* bestTimeRows(await readOnline(client, item), posts, item);
		if (posts.length === 0) item.hint('no-media');
		item.hint('online-hours-as-pacific');
	},
	inPanel: inFilter,
};

/** The rows of a week, from Monday 00:00. */
export function bestTimeRows(online: Online, posts: readonly TimedPost[], { timeZone }: Item) {
	return bestTimes(online.days, posts, timeZone).map((time) => {
		const row = withReasons(
			{ ...time },
			time.followersOnline === null ? [{ column: 'followersOnline', ...online.gap }] : [],
		);
		const tooFew = `score: too-few-posts (${time.posts} of ${FEWEST_POSTS_FOR_SCORE})`;
		const reasons = [String(row.unavailable), ...(time.score === null ? [tooFew] : [])];
		return { ...row, unavailable: reasons.filter((text) => text !== '').join('; ') };
	});
}

export type Online = {
	readonly days: readonly HoursOfDay[];
	/** Why hours are missing. */
	readonly gap: Absence;
};

/** Followers online by hour. Meta often has none; the posts are useful without them, so a refusal becomes a reason. */
export function readOnline(client: InsightsClient, item: Item): Promise<Online> {
	const until = lastCompleteDay(item.now);
	const asked = client.onlineFollowers({ since: addDays(until, 1 - DAYS_ONLINE), until }, { signal: item.signal });
	return asked.then(
		({ insights }) => {
			const days = insights.flatMap((insight) => (insight.shape === 'hours' ? insight.points : []));
			const absent = insights.find((insight) => insight.shape === 'absent');
			return { days, gap: absent ?? { reason: 'no-data' as const } };
		},
		(error: unknown) => {
			if (!isInsightsError(error) || error.kind === 'cancelled') return Promise.reject(error);
			return { days: [], gap: { reason: 'failed' as const, message: error.message } };
		},
	);
}

/** Leaves out a post without a publishing time, because it cannot be assigned to an hour. */
function timedPost(media: MediaFields, insights: readonly Insight[], metric: string): TimedPost[] {
	const at = publishedAt(media);
	const found = insights.find((insight) => insight.metric === metric);
	const value = found?.shape === 'total' ? found.value : null;
	return at === undefined ? [] : [{ publishedAt: new Date(at), value }];
}
