import type { Insight } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';

/**
 * One row a bucket: `value` names the bucket, `count` is its number. A metric without buckets has one row with the
 * reason, so that it does not go missing unseen.
 *
 * @param head columns in front of each row
 */
export function bucketRows(
	insights: readonly Insight[],
	breakdown: string | null,
	head: IDataObject = {},
): IDataObject[] {
	return insights.flatMap((insight): IDataObject[] => {
		const { metric } = insight;
		if (insight.shape === 'breakdown' && insight.buckets.length > 0) {
			return insight.buckets.map(({ dimension, bucket, value }) => ({
				...head,
				metric,
				dimension,
				value: bucket,
				count: value,
			}));
		}
		const reason = insight.shape === 'absent' ? insight.reason : 'no-data';
		return [{ ...head, metric, dimension: breakdown, value: null, count: null, unavailable: { [metric]: reason } }];
	});
}
