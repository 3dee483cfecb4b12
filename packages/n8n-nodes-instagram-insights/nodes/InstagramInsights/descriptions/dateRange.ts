import {
	type AccountMetricRow,
	addDays,
	checkDay,
	DATE_RANGE_PRESETS,
	type DateRangePreset,
	dayIn,
	HOSTS,
	type Host,
	limitsOn,
	pacificMidnight,
	presetDaysBack,
	type QueryProblem,
	resolveDateRange,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { PACIFIC_HINT } from '../../panel/metricOptions';
import { wrongSetting, wrongSettings } from '../../panel/wrongSetting';
import type { Item } from '../actions/item';

/** The presets, shortest first, then custom days. */
const CHOICES: readonly { name: string; value: DateRangePreset | 'custom'; description?: string }[] = [
	{ name: 'Yesterday', value: 'yesterday' },
	{ name: 'Last 7 Days', value: 'last7Days' },
	{ name: 'Last Week', value: 'lastWeek', description: 'Monday to Sunday' },
	{ name: 'Last 14 Days', value: 'last14Days' },
	{ name: 'Last 28 Days', value: 'last28Days' },
	{ name: 'Last 30 Days', value: 'last30Days' },
	{ name: 'This Month', value: 'thisMonth' },
	{ name: 'Last Month', value: 'lastMonth' },
	{ name: 'Last 90 Days', value: 'last90Days' },
	{ name: 'Last Quarter', value: 'lastQuarter', description: 'The calendar quarter before this one' },
	{ name: 'Last 12 Months', value: 'last12Months', description: 'A year that ends yesterday' },
	{ name: 'Custom', value: 'custom' },
];

/** The values of `dateRange`. */
export const DATE_RANGES: readonly string[] = CHOICES.map(({ value }) => value);

/** The ranges that can be compared: a host keeps as many days before them. */
export const COMPARED_RANGES = rangesWithin(daysKept() / 2);

/** The ranges that at least one host has for a metric with a shorter retention. */
export function dateRangesWithin({ limits }: AccountMetricRow): readonly string[] {
	return rangesWithin(daysKept(limits));
}

function daysKept(limits?: AccountMetricRow['limits']): number {
	return Math.max(...Object.keys(HOSTS).map((host) => limitsOn(host as Host, limits).daysBack));
}

function rangesWithin(days: number): readonly string[] {
	const tooLong: readonly string[] = DATE_RANGE_PRESETS.filter((preset) => presetDaysBack(preset) > days);
	return DATE_RANGES.filter((name) => !tooLong.includes(name));
}

/**
 * The days to read: a preset, or two custom days.
 *
 * The two days are not `required`: n8n shows them if the range is an expression, and would then refuse to run a workflow
 * without days that a preset does not need. Empty days are refused when they are read.
 *
 * @param choices the values of `dateRange` to offer
 */
export function dateRangeParameters(choices: readonly string[] = DATE_RANGES): INodeProperties[] {
	return [
		{
			displayName: 'Date Range',
			name: 'dateRange',
			type: 'options',
			options: CHOICES.filter(({ value }) => choices.includes(value)),
			default: 'last28Days',
			description: 'The days to read. "Last … Days" are complete days and end yesterday.',
			hint: PACIFIC_HINT,
		},
		{
			displayName: 'Since',
			name: 'since',
			type: 'dateTime',
			default: '',
			placeholder: 'e.g. 2026-11-01',
			description:
				"The first day to read. The time of day is ignored: the date in the workflow's time zone is read as the Pacific day of that date. Used only with the range Custom.",
			displayOptions: { show: { dateRange: ['custom'] } },
		},
		{
			displayName: 'Until',
			name: 'until',
			type: 'dateTime',
			default: '',
			placeholder: 'e.g. 2026-11-30',
			description: 'The last day to read; it is included. Used only with the range Custom.',
			displayOptions: { show: { dateRange: ['custom'] } },
		},
	];
}

/** The value of `dateRange` for all posts. */
export const ANY_TIME = 'any';

/**
 * The same for the days on which posts were published, with *Any Time* as a choice.
 *
 * @param preselected value of `dateRange`
 */
export function publishedParameters({
	preselected = ANY_TIME,
	withAnyTime = true,
}: {
	readonly preselected?: string;
	readonly withAnyTime?: boolean;
} = {}): INodeProperties[] {
	return dateRangeParameters().map((parameter) => {
		if (parameter.name !== 'dateRange') return parameter;
		const choices = [...(withAnyTime ? [{ name: 'Any Time', value: ANY_TIME }] : []), ...(parameter.options ?? [])];
		return {
			...parameter,
			displayName: 'Published',
			options: choices,
			default: preselected,
			description: 'Only return posts published on these days. "Last … Days" are complete days and end yesterday.',
		};
	}) as INodeProperties[];
}

/** Days as `YYYY-MM-DD`. */
export type ChosenDays = { readonly since: string; readonly until: string; readonly custom: boolean };

/**
 * The Pacific days of the date parameters.
 *
 * @param timeZone of the workflow; decides the month, and the day of an instant
 */
export function readDateRange(
	{ dateRange, since, until }: { dateRange: unknown; since: unknown; until: unknown },
	{ now, timeZone }: { now: Date; timeZone: string },
): ChosenDays {
	const preset = DATE_RANGE_PRESETS.find((name) => name === dateRange);
	if (preset !== undefined) return { ...resolveDateRange(preset, now, timeZone), custom: false };
	return { since: readDay(since, timeZone), until: readDay(until, timeZone), custom: true };
}

/**
 * A day as `YYYY-MM-DD` from the value of a date field or an expression: a day, a local date and time as the date picker
 * writes it, an instant with an offset, a `Date`, or n8n's own date object. Anything else is returned as text.
 */
export function readDay(value: unknown, timeZone: string): string {
	const text = toText(value).trim();
	const local = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/.exec(text);
	if (local?.[1] !== undefined) return local[1];
	if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return text;
	const instant = new Date(text);
	return Number.isNaN(instant.getTime()) ? text : dayIn(instant, timeZone);
}

function toText(value: unknown): string {
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
	if (typeof value === 'object' && value !== null && 'toISO' in value && typeof value.toISO === 'function') {
		return String(value.toISO());
	}
	return value === undefined || value === null ? '' : String(value);
}

const DEFAULT = 'last28Days';

/**
 * The days of an item's date parameters. For custom days, a hint shows them in the workflow's time zone.
 *
 * @param choices the values of `dateRange` that the operation takes
 * @throws {InsightsError} `invalid-query`: an unknown range, or a custom day that is empty or not a day
 */
export function chosenDays(item: Item, choices: readonly string[] = DATE_RANGES): ChosenDays {
	const dateRange = String(item.parameter('dateRange', DEFAULT));
	if (!choices.includes(dateRange)) {
		const known = DATE_RANGES.includes(dateRange);
		const wrong = known ? `"${dateRange}" reaches further back than Meta keeps` : `"${dateRange}" is not a date range`;
		const message = `${wrong}. Choose one of ${choices.join(', ')}.`;
		throw wrongSetting('dateRange', dateRange, message);
	}
	const days = readDateRange(
		{
			dateRange,
			since: item.parameter('since', ''),
			until: item.parameter('until', ''),
		},
		item,
	);
	if (days.custom) {
		refuseUnreadable(days);
		item.hint('pacific-days', inOwnZone(days, item.timeZone));
	}
	return days;
}

/** Nobody entered the days of a preset, so a problem with them is a problem of the range. */
export function inDateRange(problem: QueryProblem, item: Item): QueryProblem {
	if (problem.field !== 'since' && problem.field !== 'until') return problem;
	const dateRange = String(item.parameter('dateRange', DEFAULT));
	if (dateRange === 'custom') return problem;
	const { reason, message } = problem;
	return { field: 'dateRange', value: dateRange, reason, message };
}

function refuseUnreadable({ since, until }: ChosenDays): void {
	const blank = (field: string, which: string, example: string): QueryProblem => ({
		field,
		reason: 'not-a-day',
		message: `The range is Custom, but this is empty. Enter the ${which} day to read, such as ${example}, or choose another Date Range.`,
	});
	const problems = [
		...(since === '' ? [blank('since', 'first', '2026-11-01')] : checkDay('since', since)),
		...(until === '' ? [blank('until', 'last', '2026-11-30')] : checkDay('until', until)),
	];
	if (problems.length > 0) throw wrongSettings(problems);
}

function inOwnZone({ since, until }: ChosenDays, timeZone: string): string {
	const [begin, end] = [pacificMidnight(since), pacificMidnight(addDays(until, 1))];
	return `${since} to ${until} is ${inZone(begin, timeZone)} to ${inZone(end, timeZone)} in ${timeZone}.`;
}

/** `1 Dec 2026, 09:00` */
export function inZone(instant: Date, timeZone: string): string {
	return instant.toLocaleString('en-GB', {
		timeZone,
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
	});
}
