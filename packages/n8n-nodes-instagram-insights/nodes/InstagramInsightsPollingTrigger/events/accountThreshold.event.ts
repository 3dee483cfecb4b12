import { type DateRangePreset, resolveDateRange } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { accountMetricOptions, byName, PACIFIC_HINT } from '../../panel/metricOptions';
import { readChoice } from '../../panel/wrongSetting';
import { withReasons } from '../../rows/columns';
import { type Look, type PollEvent, readProfile, showFor } from '../watch';
import {
	beginCrossing,
	type CrossingRule,
	type CrossingState,
	crossingSchema,
	decideCrossing,
	type Observation,
	readRule,
	thresholdParameters,
} from './crossing';

const EVENT = 'accountThreshold';

/** Numbers of the profile. They have no period, only a current value. */
const PROFILE_METRICS = [
	{ name: 'Followers', value: 'followers_count', description: 'How many accounts follow the account now' },
	{ name: 'Profile: Following', value: 'follows_count', description: 'How many accounts the account follows now' },
	{ name: 'Profile: Media Count', value: 'media_count', description: 'How many posts and reels the account has now' },
] as const;
const PROFILE_NAMES: readonly string[] = PROFILE_METRICS.map(({ value }) => value);

const metricParameter: INodeProperties = {
	displayName: 'Metric',
	name: 'metric',
	type: 'options',
	options: [
		...PROFILE_METRICS,
		...accountMetricOptions((row) => row.valueShape === 'total_value' && row.periods.includes('day')),
	].sort(byName),
	default: 'reach',
	required: true,
	description: 'The number to watch',
	displayOptions: { show: showFor(EVENT) },
};

const PERIODS = {
	yesterday: 'Yesterday',
	last7Days: 'Last 7 Days',
	last14Days: 'Last 14 Days',
	last28Days: 'Last 28 Days',
	last30Days: 'Last 30 Days',
} as const satisfies Partial<Record<DateRangePreset, string>>;
type Period = keyof typeof PERIODS;
const PERIOD_NAMES = Object.keys(PERIODS) as Period[];

const periodParameter: INodeProperties = {
	displayName: 'Date Range',
	name: 'dateRange',
	type: 'options',
	options: Object.entries(PERIODS).map(([value, name]) => ({ name, value })),
	default: 'last7Days',
	description: 'Which days count. The range moves on every day and ends yesterday.',
	hint: PACIFIC_HINT,
	displayOptions: { show: showFor(EVENT), hide: { metric: [...PROFILE_NAMES] } },
};

/** A number of the whole account crosses a threshold. */
export const accountThreshold: PollEvent<CrossingState> = {
	value: EVENT,
	name: 'Account Metric Crosses a Threshold',
	description: 'A number of the account rises or falls past a value, or changes by a step',
	fields: [
		metricParameter,
		periodParameter,
		...thresholdParameters(EVENT, {
			before:
				'the period before (Followers, Following and Media Count: with the count when the workflow last started, or when the trigger was published)',
			ofZero:
				'If the period before was 0, there is no percent and nothing starts. A count of 0 is replaced by the first count above it',
		}),
	],
	state: crossingSchema,
	subject: (look) => ({ metric: metricOf(look), period: periodOf(look), rule: readRule(look) }),
	async begin(look) {
		const seen = await observe(look);
		return seen.value === null ? null : beginCrossing(readRule(look), seen.observation);
	},
	async next(look, state) {
		const seen = await observe(look);
		// Without a number there is nothing to report, and the memory stays as it is.
		if (seen.value === null) return { rows: [], state };
		const rule = readRule(look);
		const decision = decideCrossing(rule, state, seen.observation);
		const { change, changePercent } = decision;
		const moved = { change, changePercent: rounded(changePercent) };
		return {
			rows: decision.fired ? [rowOf(seen.row, moved, rule)] : [],
			state: decision.state,
			mustKeep: decision.mustKeep,
		};
	},
	async latest(look) {
		const rule = readRule(look);
		const seen = await observe(look);
		return seen.value === null ? [] : [rowOf(seen.row, { change: null, changePercent: null }, rule)];
	},
	nothing: {
		message: 'Instagram has no value for this metric',
		description:
			'Instagram gives small accounts no value for some metrics, and a new day takes up to 48 hours. Choose a longer Date Range or another Metric.',
	},
};

type Row = {
	readonly metric: string;
	readonly since: string | null;
	readonly until: string | null;
	readonly value: number;
	readonly previous: number | null;
};

function rowOf(row: Row, moved: { change: number | null; changePercent: number | null }, rule: CrossingRule) {
	return withReasons({ ...row, ...moved, direction: rule.direction, threshold: rule.threshold }, []);
}

type Seen = { readonly value: null } | { readonly value: number; readonly observation: Observation; readonly row: Row };

async function observe(look: Look): Promise<Seen> {
	const metric = metricOf(look);
	if (PROFILE_NAMES.includes(metric)) return await observeProfile(look, metric);
	const { since, until } = resolveDateRange(periodOf(look), look.now, look.timeZone);
	if (readRule(look).comparison === 'level') {
		const { insights } = await look.client.accountTotals({ metrics: [metric], since, until }, { signal: look.signal });
		const [insight] = insights;
		const value = insight?.shape === 'total' || insight?.shape === 'breakdown' ? insight.value : null;
		return value === null
			? { value }
			: { value, observation: { value }, row: { metric, since, until, value, previous: null } };
	}
	const [compared] = await look.client.compare({ metrics: [metric], since, until }, { signal: look.signal });
	if (compared === undefined || compared.current === null) return { value: null };
	const { current: value, previous } = compared;
	return { value, observation: { value, base: previous }, row: { metric, since, until, value, previous } };
}

async function observeProfile(look: Look, metric: string): Promise<Seen> {
	const { [metric]: value } = await readProfile(look, metric);
	if (typeof value !== 'number') return { value: null };
	return { value, observation: { value }, row: { metric, since: null, until: null, value, previous: null } };
}

function metricOf(look: Look): string {
	return String(look.parameter('metric', 'reach')).trim();
}

function periodOf(look: Look): Period {
	return readChoice('dateRange', look.parameter('dateRange', ''), PERIOD_NAMES) ?? 'last7Days';
}

function rounded(percent: number | null): number | null {
	return percent === null ? null : Math.round(percent * 100) / 100;
}
