import {
	type AbsentReason,
	absentReasonOf,
	type Insight,
	type InsightsClient,
	isInsightsError,
	MEDIA_METRICS,
	mediaMetricRow,
} from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';

/** A column without a value, and the reason. */
export type Gap = { readonly column: string; readonly reason: AbsentReason; readonly message?: string | undefined };

/** The numbers of a row by column, in order. A missing number is null, with its reason in `gaps`. */
export type Columns = {
	readonly values: Readonly<Record<string, number | null>>;
	readonly gaps: readonly Gap[];
};

/** The account that a row belongs to. */
export type Owner = {
	readonly account_id: string | null;
	readonly username: string | null;
	readonly gaps: readonly Gap[];
};

/** The column of a metric: its own name, except `new_followers`, and watch times in seconds. */
export function columnOf(metric: string): string {
	if (metric === 'follower_count') return 'new_followers';
	return isMilliseconds(metric) ? `${metric}_seconds` : metric;
}

/** The metric whose column has another name; undefined for all other names. */
export function metricOfColumn(column: string): string | undefined {
	const metrics = ['follower_count', ...Object.keys(MEDIA_METRICS)];
	return metrics.find((metric) => metric !== column && columnOf(metric) === column);
}

/** One column for each requested metric, with or without a value. Metrics that have only buckets have no single number. */
export function metricColumns(metrics: readonly string[], insights: readonly Insight[]): Columns {
	const values: Record<string, number | null> = {};
	const gaps: Gap[] = [];
	for (const metric of new Set(metrics)) {
		const column = columnOf(metric);
		const found = singleValue(insights.find((insight) => insight.metric === metric));
		values[column] = typeof found === 'number' ? inColumn(metric, found) : null;
		if (typeof found !== 'number') gaps.push({ column, ...found });
	}
	return { values, gaps };
}

/** A number in the unit of its column. */
export function inColumn(metric: string, value: number): number {
	return isMilliseconds(metric) ? value / 1000 : value;
}

/** The row with the reasons for missing values as text in its last column; empty if nothing is missing. */
export function withReasons<R extends IDataObject>(row: R, gaps: readonly Gap[]): R & { unavailable: string } {
	return { ...row, unavailable: gaps.map(inWords).join('; ') };
}

/** The row with its account's columns in front. */
export function withOwner({ account_id, username, gaps }: Owner, row: IDataObject): IDataObject {
	const reasons = [...gaps.map(inWords), String(row.unavailable ?? '')].filter((text) => text !== '');
	return { account_id, username, ...row, unavailable: reasons.join('; ') };
}

/** The account of a client. If its username cannot be read, the numbers are still returned, with the reason. */
export function ownerOf(
	client: InsightsClient,
	accountId: string | undefined,
	signal: AbortSignal | undefined,
): Promise<Owner> {
	return client.account({ signal }).then(
		({ id, username = null }) => ({ account_id: id, username, gaps: [] }),
		(error: unknown) => {
			if (!isInsightsError(error) || error.kind === 'cancelled') return Promise.reject(error);
			const gap = { column: 'username', reason: absentReasonOf(error), message: error.message };
			return { account_id: accountId ?? null, username: null, gaps: [gap] };
		},
	);
}

/** The single number of a metric, or the reason why it has none. */
export function singleValue(insight: Insight | undefined): number | Omit<Gap, 'column'> {
	switch (insight?.shape) {
		case 'total':
			return insight.value;
		case 'breakdown':
			return insight.value ?? { reason: 'needs-breakdown' };
		case 'absent':
			return { reason: insight.reason, message: insight.message };
		case 'series':
		case 'hours':
		case undefined:
			return { reason: 'no-data' };
		default:
			return insight satisfies never;
	}
}

/** Reasons that need their message to be clear. */
const NEEDS_WORDS: readonly AbsentReason[] = ['failed', 'no-permission'];

function inWords({ column, reason, message }: Gap): string {
	const words = NEEDS_WORDS.includes(reason) ? (message ?? '').replace(/\s+/g, ' ').trim() : '';
	return `${column}: ${reason}${words === '' ? '' : `: ${words}`}`;
}

function isMilliseconds(metric: string): boolean {
	return mediaMetricRow(metric)?.unit === 'milliseconds';
}
