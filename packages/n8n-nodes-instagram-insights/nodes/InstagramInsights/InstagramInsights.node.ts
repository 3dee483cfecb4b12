import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { resourceParameters } from './actions/resourceParameters';
import { RESOURCES } from './actions/resources';
import { router } from './actions/router';
import { authenticationParameter } from './descriptions/authentication';
import { searchAccounts } from './listSearch/searchAccounts';
import { searchMedia } from './listSearch/searchMedia';
import { searchStories } from './listSearch/searchStories';

/** Everything but the catalog is read with a credential. */
const OF_ACCOUNTS = RESOURCES.map(({ value }) => value).filter((value) => value !== 'metric');

/**
 * Instagram numbers as tidy rows.
 *
 * Programmatic, because one question is often several calls: metrics that may not travel together, ranges longer than
 * Meta answers at once, media metrics that depend on the kind of media.
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
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Get the numbers of an Instagram professional account, its posts, reels, stories and audience',
		defaults: { name: 'Instagram Insights' },
		usableAsTool: true,
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
