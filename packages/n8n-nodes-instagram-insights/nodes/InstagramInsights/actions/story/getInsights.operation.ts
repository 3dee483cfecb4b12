import { LIMITS } from '@instagram-insights/core/internal';
import { accountParameter } from '../../../panel/account';
import { storyParameter } from '../../../panel/media';
import { mediaMetricsFacesByBreakdown } from '../../../panel/mediaMetricsFaces';
import { metricsParameters } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { simplifyParameter } from '../../../panel/simplify';
import { breakdownParameter, mediaBreakdowns, NO_BREAKDOWN } from '../../descriptions/breakdown';
import { storyComputedParameter } from '../../descriptions/computed';
import { insightsOfMany } from '../media/insightsOfMany';
import { insightsOfOne } from '../media/insightsOfOne';
import type { Operation } from '../operation';
import { STORY_METRICS } from './storyMetrics';

/** The numbers of stories whose ids are known. */
export const getInsights: Operation = {
	value: 'getInsights',
	name: 'Get Insights',
	action: 'Get story insights',
	description: `Retrieve the numbers of one story: reach, views, replies, taps forward and back, exits and completion rate. Only within ${LIMITS.storyInsightsHours} hours after it was posted, and only with at least ${LIMITS.storyMinViewers} viewers.`,
	builderHint: 'Use for the numbers of one live story. For all live stories, use getMany.',
	fields: [
		accountParameter,
		storyParameter,
		breakdownParameter(mediaBreakdowns(['STORY']), {
			optional: true,
			preselected: NO_BREAKDOWN,
			description: 'Whether to split the metric into parts, one row for each part',
		}),
		...metricsParameters(mediaMetricsFacesByBreakdown(['STORY'], STORY_METRICS)),
		storyComputedParameter({ breakdown: [NO_BREAKDOWN] }),
		simplifyParameter,
		optionsParameter([], { metrics: true }),
	],
	ofOneMedium: true,
	run: insightsOfOne,
	runTogether: insightsOfMany,
	inPanel: (problem) =>
		problem.field === 'media' || problem.field === 'mediaIds' ? { ...problem, field: 'story' } : problem,
};
