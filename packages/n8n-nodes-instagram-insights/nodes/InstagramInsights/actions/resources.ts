import type { INodeProperties } from 'n8n-workflow';
import { getAudience, getOnlineFollowers } from './account/audience.operations';
import { compare as compareAccount } from './account/compare.operation';
import { getBestTimes } from './account/getBestTimes.operation';
import { getInsights as getAccountInsights } from './account/getInsights.operation';
import { get as getAccount, getMany as getManyAccounts } from './account/profile.operations';
import { compare as comparePosts } from './media/compare.operation';
import { getMany as getManyMedia } from './media/getMany.operation';
import { getCollaborative, getTagged } from './media/ofOthers.operation';
import { get as getMedia, getInsights as getMediaInsights } from './media/onePost.operations';
import { getMany as getManyMetrics } from './metric.operations';
import type { Resource } from './operation';
import { get as getOtherAccount, getMedia as getOtherMedia } from './otherAccount.operations';
import { create } from './report.operations';
import { getMany as getManyStories, getInsights as getStoryInsights } from './story.operations';

const account: Resource = {
	value: 'account',
	name: 'Account',
	description: 'An Instagram professional account: profile, insights and audience',
	builderHint:
		'Use for the insights of a whole account: reach, views, followers, audience, best time to post, comparison of periods.',
	operations: [
		compareAccount,
		getAccount,
		getAudience,
		getBestTimes,
		getAccountInsights,
		getManyAccounts,
		getOnlineFollowers,
	],
	preselected: 'getInsights',
};

const metric: Resource = {
	value: 'metric',
	name: 'Metric',
	description: 'The list of metrics: what each one means and where it is available',
	builderHint: 'Use to look up the names of metrics. Needs no credential.',
	operations: [getManyMetrics],
	preselected: 'getMany',
};

const otherAccount: Resource = {
	value: 'otherAccount',
	name: 'Other Account',
	description: 'Another professional account, such as a competitor: its public profile and posts (Facebook Login only)',
	builderHint: 'Use for competitors and other accounts the user does not own. Works with Facebook Login only.',
	operations: [getOtherAccount, getOtherMedia],
	preselected: 'get',
};

const media: Resource = {
	value: 'media',
	name: 'Post or Reel',
	description: 'Posts and reels of an account with their insights, and posts by others that tag or include the account',
	builderHint: 'Use for posts and reels: the latest, the best, or one of them, with their numbers.',
	operations: [comparePosts, getMedia, getCollaborative, getMediaInsights, getManyMedia, getTagged],
	preselected: 'getMany',
};

const report: Resource = {
	value: 'report',
	name: 'Report',
	description: 'A report about an account, ready to send by email or chat',
	builderHint: 'Use when a person should read the result: a report or summary by email or chat.',
	operations: [create],
	preselected: 'create',
};

const story: Resource = {
	value: 'story',
	name: 'Story',
	description: 'Stories of the last 24 hours with their insights',
	builderHint:
		'Use for live stories. To save the numbers of each story before it expires, start with the Instagram Insights Polling Trigger instead (event storyExpiring).',
	operations: [getStoryInsights, getManyStories],
	preselected: 'getMany',
};

/** Everything the node can do, in the order of the panel. */
export const RESOURCES: readonly Resource[] = [account, metric, otherAccount, media, report, story];

/** The panel of all resources: the Resource list, the Operation list of each, and the parameters of each operation. */
export function resourceParameters(resources: readonly Resource[], preselected: string): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ value, name, description, builderHint }) => ({
				value,
				name,
				description,
				builderHint: { propertyHint: builderHint },
			})),
			default: preselected,
		},
		...resources.flatMap((resource) => [operationList(resource), ...operationFields(resource)]),
	];
}

function operationList({ value: resource, operations, preselected }: Resource): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ value, name, action, description, builderHint }) => ({
			value,
			name,
			action,
			description,
			builderHint: { propertyHint: builderHint },
		})),
		default: preselected,
	};
}

function operationFields({ value: resource, operations }: Resource): INodeProperties[] {
	return operations.flatMap(({ value: operation, fields }) =>
		fields.map((field) => shownFor(field, { resource, operation })),
	);
}

/**
 * Puts resource and operation first among the conditions. n8n checks conditions in order and shows a parameter at the
 * first one whose parameter is an expression. Placed after that one, these two would be ignored, and parameters of other
 * operations would appear with their defaults.
 */
function shownFor(field: INodeProperties, { resource, operation }: { resource: string; operation: string }) {
	const { show, ...others } = field.displayOptions ?? {};
	return { ...field, displayOptions: { show: { resource: [resource], operation: [operation], ...show }, ...others } };
}
