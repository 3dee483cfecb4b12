import { accountParameter } from '../../descriptions/account';
import { breakdownParameter, NO_BREAKDOWN } from '../../descriptions/breakdown';
import { storyParameter } from '../../descriptions/media';
import { mediaMetricsFaces } from '../../descriptions/mediaMetricsFaces';
import { metricsParameters } from '../../descriptions/metrics';
import { optionsParameter } from '../../descriptions/options';
import { simplifyParameter } from '../../descriptions/simplify';
import { insightsOfMany } from '../media/insightsOfMany';
import { insightsOfOne } from '../media/insightsOfOne';
import type { Operation } from '../operation';
import { STORY_METRICS } from './storyMetrics';

/** The numbers of stories whose ids are known. */
export const getInsights: Operation = {
	value: 'getInsights',
	name: 'Get Insights',
	action: 'Get story insights',
	description:
		'Retrieve the numbers of one story: reach, views, replies, and taps forward, back and out. Only within 24 hours after it was posted, and only with at least 5 viewers.',
	fields: [
		accountParameter,
		storyParameter,
		breakdownParameter(['action_type', 'story_navigation_action_type'], {
			optional: true,
			preselected: NO_BREAKDOWN,
			description: 'Whether to split the metric into parts, one row for each part',
		}),
		...metricsParameters([
			...mediaMetricsFaces(['STORY'], { show: { breakdown: [NO_BREAKDOWN] }, preselected: STORY_METRICS }),
			...mediaMetricsFaces(['STORY'], {
				show: { breakdown: ['action_type'] },
				breakdown: 'action_type',
				preselected: ['profile_activity'],
			}),
			...mediaMetricsFaces(['STORY'], {
				show: { breakdown: ['story_navigation_action_type'] },
				breakdown: 'story_navigation_action_type',
				preselected: ['navigation'],
			}),
		]),
		simplifyParameter,
		optionsParameter([], { metrics: true }),
	],
	run: insightsOfOne,
	runTogether: insightsOfMany,
	inPanel: (problem) =>
		problem.field === 'media' || problem.field === 'mediaIds' ? { ...problem, field: 'story' } : problem,
};
