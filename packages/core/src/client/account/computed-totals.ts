import { isAccountMetric } from '../../catalog/account-metric.ts';
import { COMPUTED_ACCOUNT_METRICS } from '../../catalog/computed-metric.ts';
import { HOSTS, type Host } from '../../catalog/host.ts';
import { computeMetrics } from '../../insight/compute-metrics.ts';
import { absenceOf, absent, hasNumber, type Insight } from '../../insight/insight.ts';
import { type InsightsError, isInsightsError } from '../../insights-error.ts';
import { addDays, pacificDay } from '../../query/calendar-day.ts';
import { inputsOf, withInputs } from '../../query/check-computed.ts';
import type { DayRange } from '../../query/date-range.ts';
import type { QuestionOptions } from '../client-context.ts';
import type { InsightsClient } from '../insights-client.ts';
import type { AccountAnswer } from './account-answer.ts';

/** The host decides which profile field holds the account's id. */
type HostOptions = QuestionOptions & { readonly host: Host };
/** `onRefused`: called with each refusal that only leaves inputs without a number. */
type InputOptions = HostOptions & { readonly onRefused?: ((error: InsightsError) => void) | undefined };

/** Totals with computed metrics to add. */
export type ComputedTotalsQuery = DayRange & {
	readonly metrics: readonly string[];
	/** Names of `COMPUTED_ACCOUNT_METRICS`. */
	readonly computed: readonly string[];
};

/**
 * Totals of an account, followed by computed metrics and the inputs of differences. Inputs that were not asked for are
 * read with the metrics. The follower breakdown, the profile and the list of posts are read only if an input comes from
 * them; if Meta refuses one of them, only the metrics computed from it are missing, unless nothing else has a number.
 *
 * @param options `now`: decides whether the range ends late enough to use today's number of followers
 * @throws {InsightsError} as `accountTotals`; the first refusal if no number came at all
 */
export async function readComputedTotals(
	client: Pick<InsightsClient, 'accountTotals' | 'media' | 'profile'>,
	{ metrics, computed, since, until }: ComputedTotalsQuery,
	{ now, ...asking }: HostOptions & { readonly now: Date },
): Promise<Pick<AccountAnswer, 'insights' | 'notes'>> {
	const refusals: InsightsError[] = [];
	const options = { ...asking, onRefused: (error: InsightsError) => void refusals.push(error) };
	const needed = new Set(inputsOf(computed, COMPUTED_ACCOUNT_METRICS));
	const asked = withInputs(metrics, computed, COMPUTED_ACCOUNT_METRICS, isAccountMetric);
	const { insights, notes } =
		asked.length === 0
			? { insights: [], notes: [] }
			: await client.accountTotals({ metrics: asked, since, until }, options);
	const range = { since, until };
	const parts = await followParts(client, needed, range, options);
	const needsFollowers = needed.has('followers_count') || needed.has('followers_before');
	const followers = needsFollowers ? [await readFollowersNow(client, options)] : [];
	const posts = await postInputs(client, needed, range, options);
	const growth = difference('follower_growth', parts, ['followers_gained', 'followers_lost']);
	const reachesNow = until >= addDays(pacificDay(now), -1);
	const before = reachesNow
		? difference('followers_before', [...followers, growth], ['followers_count', 'follower_growth'])
		: absent('followers_before', {
				reason: 'no-data',
				message: 'Meta gives the number of followers for today only, and the date range ends before yesterday.',
			});
	const inputs = [...parts, ...followers, ...posts, growth, before];
	const found = computeMetrics(computed, COMPUTED_ACCOUNT_METRICS, [...insights, ...inputs]);
	const all = [...insights, ...inputs.filter(({ metric }) => !isComputed(metric)), ...found];
	const [refusal] = refusals;
	if (refusal && !all.some(hasNumber)) throw refusal;
	return { insights: all, notes };
}

function isComputed(name: string): boolean {
	return Object.hasOwn(COMPUTED_ACCOUNT_METRICS, name);
}

const GROWTH = ['followers_gained', 'followers_lost', 'follower_growth', 'followers_before'];

/** Reach, and followers gained and lost, by the breakdown `follow_type`. */
async function followParts(
	client: Pick<InsightsClient, 'accountTotals'>,
	needed: ReadonlySet<string>,
	range: DayRange,
	options: InputOptions,
): Promise<Insight[]> {
	const wanted = [
		...(needed.has('non_follower_reach') ? [['non_follower_reach', 'reach', 'NON_FOLLOWER'] as const] : []),
		...(GROWTH.some((name) => needed.has(name))
			? [
					['followers_gained', 'follows_and_unfollows', 'FOLLOWER'] as const,
					['followers_lost', 'follows_and_unfollows', 'NON_FOLLOWER'] as const,
				]
			: []),
	];
	if (wanted.length === 0) return [];
	const metrics = [...new Set(wanted.map(([, metric]) => metric))];
	return orAbsent(
		wanted.map(([input]) => input),
		options,
		async () => {
			const { insights } = await client.accountTotals({ metrics, ...range, breakdown: 'follow_type' }, options);
			return wanted.map(([input, metric, bucket]) => {
				const insight = insights.find((one) => one.metric === metric);
				if (insight?.shape !== 'breakdown') {
					return insight?.shape === 'absent' ? { ...insight, metric: input } : absent(input, { reason: 'no-data' });
				}
				const part = insight.buckets.find((one) => one.bucket.toUpperCase() === bucket);
				return part === undefined ? absent(input, { reason: 'no-data' }) : total(input, part.value);
			});
		},
	);
}

/** The current number of followers as the input `followers_count`. The account's names are read with it, so they cost nothing later. */
export async function readFollowersNow(
	client: Pick<InsightsClient, 'profile'>,
	{ host, signal, onRefused }: InputOptions,
): Promise<Insight> {
	const names = HOSTS[host].loginType === 'instagram' ? ['user_id', 'username'] : ['username'];
	const [found] = await orAbsent(['followers_count'], { onRefused }, async () => {
		const { followers_count: count } = await client.profile({ fields: [...names, 'followers_count'], signal });
		return [
			typeof count === 'number' ? total('followers_count', count) : absent('followers_count', { reason: 'no-data' }),
		];
	});
	return found ?? absent('followers_count', { reason: 'no-data' });
}

/** Metrics of posts to add up, by the input they become. */
const OF_POSTS = { interactions_of_posts: 'total_interactions', views_of_posts: 'views' } as const;

/** The number of posts in the range, and sums over all of them. A post without a number leaves the sum without one. */
async function postInputs(
	client: Pick<InsightsClient, 'media'>,
	needed: ReadonlySet<string>,
	range: DayRange,
	options: InputOptions,
): Promise<Insight[]> {
	const sums = Object.entries(OF_POSTS).filter(([input]) => needed.has(input));
	if (sums.length === 0 && !needed.has('posts_published')) return [];
	return orAbsent(['posts_published', ...sums.map(([input]) => input)], options, async () => {
		const posts: (readonly Insight[])[] = [];
		const query = { metrics: sums.map(([, metric]) => metric), fields: ['id'], ...range };
		for await (const { items } of client.media(query, options)) posts.push(...items.map(({ insights }) => insights));
		return [total('posts_published', posts.length), ...sums.map(([input, metric]) => sumOf(input, metric, posts))];
	});
}

function sumOf(input: string, metric: string, posts: readonly (readonly Insight[])[]): Insight {
	let sum = 0;
	for (const insights of posts) {
		const insight = insights.find((one) => one.metric === metric);
		if (insight?.shape !== 'total') {
			return insight?.shape === 'absent' ? { ...insight, metric: input } : absent(input, { reason: 'no-data' });
		}
		sum += insight.value;
	}
	return total(input, sum);
}

function difference(name: string, insights: readonly Insight[], [of, minus]: readonly [string, string]): Insight {
	const table = { [name]: { formula: { kind: 'difference', of, minus } as const } };
	const [found] = computeMetrics([name], table, insights);
	return found ?? absent(name, { reason: 'no-data' });
}

function total(metric: string, value: number): Insight {
	return { shape: 'total', metric, value };
}

/** If Meta refuses, the numbers are absent; only a cancelled run throws. */
async function orAbsent(
	names: readonly string[],
	{ onRefused }: Pick<InputOptions, 'onRefused'>,
	ask: () => Promise<Insight[]>,
): Promise<Insight[]> {
	try {
		return await ask();
	} catch (error) {
		if (!isInsightsError(error) || error.kind === 'cancelled') throw error;
		onRefused?.(error);
		return names.map((name) => absent(name, absenceOf(error)));
	}
}
