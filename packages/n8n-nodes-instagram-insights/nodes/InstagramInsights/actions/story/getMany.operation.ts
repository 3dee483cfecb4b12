import { accountParameter } from '../../../panel/account';
import { fieldsOptions } from '../../../panel/fields';
import { includeInsightsParameter } from '../../../panel/includeInsights';
import { mediaMetricsFaces } from '../../../panel/mediaMetricsFaces';
import { metricsParameters } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { simplifyParameter } from '../../../panel/simplify';
import { storyComputedParameter } from '../../descriptions/computed';
import { resultCountParameters } from '../../descriptions/resultCount';
import { sortParameters } from '../../descriptions/sort';
import { inListing, type Listing } from '../media/listing';
import { listRows } from '../media/listRows';
import type { Operation } from '../operation';
import { STORY_METRICS } from './storyMetrics';

/** The live stories of an account, each with its numbers. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many stories',
	description:
		'Retrieve the live stories of an account, those of the last 24 hours, each with its date and, if wanted, its insights such as reach, views, replies, taps forward and back, exits and completion rate',
	builderHint:
		'Use for all live stories with their numbers. To save them before they expire, prefer the Instagram Insights Polling Trigger (event storyExpiring).',
	fields: [
		accountParameter,
		includeInsightsParameter,
		...metricsParameters(
			mediaMetricsFaces(['STORY'], { show: { includeInsights: [true] }, preselected: STORY_METRICS }),
		),
		storyComputedParameter({ includeInsights: [true] }),
		...sortParameters(['STORY']),
		...resultCountParameters,
		simplifyParameter,
		optionsParameter(fieldsOptions('media'), { metrics: true }),
	],
	async *run(item) {
		const client = await item.client();
		let count = 0;
		async function* pages(asked: Listing['asked']) {
			for await (const page of client.stories(asked, { signal: item.signal })) {
				count += page.items.length;
				yield page;
			}
		}
		yield* listRows(item, client, pages);
		item.hint(count === 0 ? 'no-stories' : 'stories-expire');
	},
	inPanel: inListing,
};
