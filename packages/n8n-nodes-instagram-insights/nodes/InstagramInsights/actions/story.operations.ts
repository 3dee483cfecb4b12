import { LIMITS } from '@instagram-insights/core/internal';
import { accountParameter } from '../../panel/account';
import { storyParameter } from '../../panel/media';
import { includeInsightsParameter, mediaMetricsFaces, metricsParameters, STORY_METRICS } from '../../panel/metrics';
import { fieldsOptions, optionsParameter } from '../../panel/options';
import {
	breakdownParameter,
	mediaBreakdowns,
	mediaMetricsFacesByBreakdown,
	NO_BREAKDOWN,
} from '../descriptions/breakdown';
import { storyComputedParameter } from '../descriptions/computed';
import { resultCountParameters, sortParameters } from '../descriptions/listParameters';
import { outputParameters } from '../descriptions/output';
import { insightsOfMany, insightsOfOne } from './media/insightsOfMany';
import { inListing, type Listing, listColumns, listRows } from './media/mediaList';
import type { Operation } from './operation';

/** The insights of stories whose IDs are known. */
export const getInsights: Operation = {
	value: 'getInsights',
	name: 'Get Insights',
	action: 'Get story insights',
	description: `Retrieve the insights of one story: reach, views, replies, taps forward and back, exits and completion rate. Available for ${LIMITS.storyInsightsHours} hours after posting, and only with at least ${LIMITS.storyMinViewers} viewers.`,
	builderHint: 'Use for the numbers of one live story. For all live stories, use getMany.',
	fields: [
		accountParameter,
		storyParameter,
		breakdownParameter(mediaBreakdowns(['STORY']), {
			optional: true,
			preselected: NO_BREAKDOWN,
			description: 'Whether to break the metric down. Returns one row per part.',
		}),
		...metricsParameters(mediaMetricsFacesByBreakdown(['STORY'], STORY_METRICS)),
		storyComputedParameter({ breakdown: [NO_BREAKDOWN] }),
		...outputParameters,
		optionsParameter([], { metrics: true }),
	],
	ofOneMedium: true,
	run: insightsOfOne,
	runTogether: insightsOfMany,
	inPanel: (problem) =>
		problem.field === 'media' || problem.field === 'mediaIds' ? { ...problem, field: 'story' } : problem,
};

/** The live stories of an account with their insights. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many stories',
	description:
		'Retrieve the live stories of an account (the last 24 hours), each with its date and, optionally, its insights: reach, views, replies, taps forward and back, exits and completion rate',
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
		...outputParameters,
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
		if (count === 0) item.hint('no-stories');
	},
	columns: listColumns,
	inPanel: inListing,
};
