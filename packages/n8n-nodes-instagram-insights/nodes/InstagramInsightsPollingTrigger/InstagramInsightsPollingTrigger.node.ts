import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { toTriggerError } from '../graph/toNodeError';
import { authenticationParameter, oneAccountParameter } from '../panel/account';
import { searchMedia, searchOneAccount } from '../panel/listSearch';
import { pollingOptions } from './events/crossing';
import { PRESELECTED, pollOnce, WATCHES } from './pollOnce';

/** Starts a workflow when the numbers change, or when media come and go: things Meta has no webhooks for. */
export class InstagramInsightsPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Instagram Insights Polling Trigger',
		name: 'instagramInsightsPollingTrigger',
		icon: {
			light: 'file:../../icons/instagramInsightsTrigger.svg',
			dark: 'file:../../icons/instagramInsightsTrigger.dark.svg',
		},
		group: ['trigger'],
		version: [1],
		subtitle: `={{ (${JSON.stringify(Object.fromEntries(WATCHES.map(({ value, name }) => [value, name])))})[$parameter["event"]] }}`,
		description:
			'Starts the workflow when a post is published, a number crosses a threshold, followers reach a milestone or a story is about to expire on Instagram',
		builderHint: {
			searchHint:
				'Needs no callback URL and no verify token. Set event: newMedia, mediaThreshold, accountThreshold, followerMilestone or storyExpiring (saves the last numbers of each story before they are gone). Polling once an hour is enough. For comments, mentions and messages, use the Instagram Insights Trigger.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-instagram-insights.instagramInsights',
					relationHint: 'Reads more numbers of the post or account that started the workflow',
				},
				{
					nodeType: 'n8n-nodes-instagram-insights.instagramInsightsTrigger',
					relationHint: 'Starts at once on comments, mentions and messages',
				},
			],
		},
		defaults: { name: 'Instagram Insights Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'instagramInsightsApi',
				required: true,
				displayOptions: { show: { authentication: ['instagramLogin'] } },
			},
			{
				name: 'instagramInsightsOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['instagramOAuth2'] } },
			},
			{
				name: 'instagramInsightsFacebookApi',
				required: true,
				displayOptions: { show: { authentication: ['facebookLogin'] } },
			},
			{
				name: 'instagramInsightsFacebookOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['facebookOAuth2'] } },
			},
		],
		properties: [
			authenticationParameter,
			{
				displayName: 'Trigger On',
				name: 'event',
				type: 'options',
				noDataExpression: true,
				options: WATCHES.map(({ value, name, description }) => ({ name, value, description })),
				default: PRESELECTED,
			},
			oneAccountParameter,
			...WATCHES.flatMap(({ fields }) => fields),
			pollingOptions,
		],
	};

	methods = { listSearch: { searchAccounts: searchOneAccount, searchMedia } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		try {
			return await pollOnce(this);
		} catch (error) {
			throw toTriggerError(this.getNode(), error);
		}
	}
}
