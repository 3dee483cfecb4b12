import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { authenticationParameter } from '../panel/account';
import { searchAccounts, searchMedia, searchStories } from '../panel/listSearch';
import { RESOURCES, resourceParameters } from './actions/resources';
import { router } from './actions/router';

/** Every resource but the catalog needs a credential. */
const OF_ACCOUNTS = RESOURCES.map(({ value }) => value).filter((value) => value !== 'metric');

/** Shown under the node on the canvas: resource and operation as the panel names them. */
const SUBTITLE = `={{ (${JSON.stringify(namesOf(RESOURCES))})[$parameter["resource"]] + ": " + (${JSON.stringify(namesOf(RESOURCES.flatMap(({ operations }) => operations)))})[$parameter["operation"]] }}`;

function namesOf(choices: readonly { readonly value: string; readonly name: string }[]): Record<string, string> {
	return Object.fromEntries(choices.map(({ value, name }) => [value, name]));
}

/**
 * Instagram insights as rows.
 *
 * A programmatic node, because one question often needs several calls: some metrics cannot be asked together, some ranges
 * are too long for one request, and media metrics depend on the kind of media.
 */
export class InstagramInsights implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Instagram Insights',
		name: 'instagramInsights',
		icon: {
			light: 'file:../../icons/instagramInsights.svg',
			dark: 'file:../../icons/instagramInsights.dark.svg',
		},
		group: ['input'],
		version: [1],
		subtitle: SUBTITLE,
		description: 'Get the numbers of an Instagram professional account, its posts, reels, stories and audience',
		builderHint: {
			searchHint:
				'Reads Instagram insights from Meta\'s official API. It does not publish or answer comments. Numbers over days: account getInsights. Posts and reels with numbers, sorted: media getMany. Report to send: report create. Best hour to post: account getBestTimes. Competitors: otherAccount get. All accounts of a token in one run: account = { __rl: true, mode: "list", value: "all" }. Names of metrics: metric getMany, without a credential. Sorting, comparing, rates and reports are built in: do not add Sort, Limit, Code or loop nodes for them.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-instagram-insights.instagramInsightsTrigger',
					relationHint: 'Starts a workflow at once on comments, mentions, messages or final story numbers',
				},
				{
					nodeType: 'n8n-nodes-instagram-insights.instagramInsightsPollingTrigger',
					relationHint: 'Starts a workflow on new posts, milestones, thresholds, or stories that are about to expire',
				},
			],
		},
		defaults: { name: 'Instagram Insights' },
		usableAsTool: true,
		hints: [
			{
				message: 'Stories and their numbers can be read for 24 hours only. Run this at least once a day to keep them.',
				displayCondition: '={{ $parameter["resource"] === "story" }}',
				whenToDisplay: 'beforeExecution',
				location: 'outputPane',
			},
		],
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'instagramInsightsApi',
				required: true,
				displayOptions: { show: { authentication: ['instagramLogin'], resource: OF_ACCOUNTS } },
			},
			{
				name: 'instagramInsightsOAuth2Api',
				required: true,
				displayOptions: {
					show: { authentication: ['instagramOAuth2'], resource: OF_ACCOUNTS },
				},
			},
			{
				name: 'instagramInsightsFacebookApi',
				required: true,
				displayOptions: {
					show: { authentication: ['facebookLogin'], resource: OF_ACCOUNTS },
				},
			},
			{
				name: 'instagramInsightsFacebookOAuth2Api',
				required: true,
				displayOptions: {
					show: { authentication: ['facebookOAuth2'], resource: OF_ACCOUNTS },
				},
			},
		],
		properties: [authenticationParameter, ...resourceParameters(RESOURCES, 'account')],
	};

	methods = { listSearch: { searchAccounts, searchMedia, searchStories } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
