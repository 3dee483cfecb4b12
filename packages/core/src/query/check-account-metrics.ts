import { ACCOUNT_METRICS, accountMetricRow } from '../catalog/account-metric.ts';
import {
	COMPUTED_ACCOUNT_METRICS,
	COMPUTED_MEDIA_METRICS,
	COMPUTED_STORY_METRICS,
	type ComputedMetrics,
	computedMetricRow,
} from '../catalog/computed-metric.ts';
import { HOSTS } from '../catalog/host.ts';
import { MEDIA_METRICS, mediaMetricRow } from '../catalog/media-metric.ts';
import type { AccountMetricRow } from '../catalog/metric-row.ts';
import { nearestName } from '../catalog/nearest-name.ts';
import { outOfScopeMetricRow, retiredMetricRow } from '../catalog/retired-metric.ts';
import type { QueryProblem } from '../insights-error.ts';
import type { AccountDailyQuery, AccountTotalsQuery, AudienceQuery, QueryContext } from './insights-query.ts';
import { either, problem } from './query-problem.ts';

/** Media metrics whose account counterpart has another name. */
const ACCOUNT_COUNTERPARTS: Readonly<Record<string, string>> = {
	saved: 'saves',
	profile_visits: 'profile_views',
	profile_activity: 'profile_links_taps',
	follows: 'follower_count',
	total_likes: 'likes',
	total_comments: 'comments',
	total_views: 'views',
};

type MetricsQuery = AccountTotalsQuery | AccountDailyQuery | AudienceQuery;

/** Problems of the metric names of a question about an account. */
export function checkAccountMetrics(query: MetricsQuery, context: QueryContext): QueryProblem[] {
	if (query.metrics.length === 0) {
		const fitting = Object.entries(ACCOUNT_METRICS).filter(([, row]) => fits(row, query.kind));
		const names = fitting.map(([name]) => name).slice(0, 3);
		return [problem('metrics', 'no-metrics', `No metric selected. Choose at least one, for example ${either(names)}.`)];
	}
	return [...new Set(query.metrics)].flatMap((name) => checkOne(name, query.kind, context) ?? []);
}

function checkOne(name: string, kind: MetricsQuery['kind'], context: QueryContext): QueryProblem | undefined {
	const row = accountMetricRow(name);
	if (row) return checkKnown(name, row, kind, context);
	const retired = retiredMetricRow('account', name);
	if (retired) {
		const { removedOn, replacement, advice } = retired;
		const message = `Meta removed "${name}" for accounts on ${removedOn}, in every API version. Use "${replacement}" instead.`;
		return problem('metrics', 'retired-metric', advice ? `${message} ${advice}` : message, {
			value: name,
			suggestion: replacement,
		});
	}
	const outOfScope = outOfScopeMetricRow(name);
	if (outOfScope) {
		return problem('metrics', 'out-of-scope-metric', `"${name}" is not an Instagram metric. ${outOfScope.reason}`, {
			value: name,
		});
	}
	if (mediaMetricRow(name)) return mediaMetricOnAccount(name);
	const ended = retiredMetricRow('media', name);
	if (ended) {
		const message = `"${name}" was a metric for posts, which Meta removed on ${ended.removedOn}. For the account, use "${ended.replacement}".`;
		return problem('metrics', 'retired-metric', message, { value: name, suggestion: ended.replacement });
	}
	if (context.allowUnknown) return undefined;
	return unknownMetric(name, 'account', Object.keys(ACCOUNT_METRICS));
}

function checkKnown(
	name: string,
	row: AccountMetricRow,
	kind: MetricsQuery['kind'],
	context: QueryContext,
): QueryProblem | undefined {
	if (!row.hosts.includes(context.host)) {
		const [host = context.host] = row.hosts;
		return problem('metrics', 'wrong-host', wrongHost(name, host), { value: name, suggestion: host });
	}
	if (fits(row, kind)) return undefined;
	const elsewhere =
		row.valueShape === 'hour_map'
			? { kind: 'online-followers', say: 'It counts followers per hour: ask for online followers instead.' }
			: row.periods.includes('lifetime')
				? { kind: 'audience', say: 'It describes an audience: ask for audience demographics instead.' }
				: { kind: 'account-totals', say: 'It counts per day: ask for account insights over a date range instead.' };
	return problem('metrics', 'metric-elsewhere', `"${name}" is not available here. ${elsewhere.say}`, {
		value: name,
		suggestion: elsewhere.kind,
	});
}

/** Whether a question of this kind can have the metric. */
export function fits(row: AccountMetricRow, kind: MetricsQuery['kind']): boolean {
	if (row.valueShape === 'hour_map') return false;
	return row.periods.includes('lifetime') === (kind === 'audience');
}

function mediaMetricOnAccount(name: string): QueryProblem {
	const counterpart = ACCOUNT_COUNTERPARTS[name];
	const advice = counterpart
		? `For the account, use "${counterpart}".`
		: 'Ask for the insights of media or stories instead.';
	return problem('metrics', 'media-metric', `"${name}" is a metric for posts, not for the account. ${advice}`, {
		value: name,
		suggestion: counterpart,
	});
}

/** The message for a metric that only the other login has. */
export function wrongHost(name: string, host: keyof typeof HOSTS): string {
	return `"${name}" works only with ${HOSTS[host].title} (${host}). Connect the account that way, or leave the metric out.`;
}

/** The problem of an unknown name. */
export function unknownMetric(name: string, level: 'account' | 'media', names: readonly string[]): QueryProblem {
	if (COMPUTED[level].some((table) => computedMetricRow(name, table) !== undefined)) {
		const message = `"${name}" is a computed metric, which Meta does not give. Ask for it as a computed metric.`;
		return problem('metrics', 'computed-metric', message, { value: name });
	}
	const suggestion = nameOfTitle(name, level) ?? nearestName(name, names);
	const advice = suggestion ? `Did you mean "${suggestion}"?` : 'Pick one from the list of metrics.';
	const what = level === 'account' ? 'an account metric' : 'a metric of posts, reels or stories';
	return problem('metrics', 'unknown-metric', `"${name}" is not ${what}. ${advice}`, { value: name, suggestion });
}

const COMPUTED: Readonly<Record<'account' | 'media', readonly ComputedMetrics[]>> = {
	account: [COMPUTED_ACCOUNT_METRICS],
	media: [COMPUTED_MEDIA_METRICS, COMPUTED_STORY_METRICS],
};

/** The metric that a list shows under this title. */
function nameOfTitle(text: string, level: 'account' | 'media'): string | undefined {
	const rows = Object.entries(level === 'account' ? ACCOUNT_METRICS : MEDIA_METRICS);
	const wanted = text.trim().toLowerCase();
	// `Reach (Accounts Reached)` is found by either of its names.
	return rows.find(([, { title, section }]) =>
		[title, `${section}: ${title}`, ...title.split(/[()]/).map((part: string) => part.trim())].some(
			(one) => one.toLowerCase() === wanted,
		),
	)?.[0];
}
