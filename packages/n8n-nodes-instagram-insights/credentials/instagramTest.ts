import { DEFAULT_GRAPH_VERSION, HOSTS } from '@instagram-insights/core/internal';
import type { ICredentialTestRequest } from 'n8n-workflow';
import { allOf, COMMON_REFUSALS, OTHER_REFUSALS, whenAnswerHas } from './testRules';

export const PERMISSIONS = allOf(HOSTS['graph.instagram.com'].permissions.insights);
const NO_PERMISSION = `The token may not read insights. Give the app the permissions ${PERMISSIONS}, then create a new token.`;

/** What *Test* asks with a token of Instagram Login: a reach, which needs every permission of the nodes. */
export const INSTAGRAM_TEST: ICredentialTestRequest = {
	request: {
		baseURL: '={{$credentials.baseUrl}}',
		url: `/${DEFAULT_GRAPH_VERSION}/me/insights`,
		qs: { metric: 'reach', period: 'day', metric_type: 'total_value' },
		ignoreHttpStatusErrors: true,
	},
	rules: [
		whenAnswerHas(
			'error.message',
			'Invalid OAuth access token - Cannot parse access token',
			'This is not a token of Instagram Login. A token that begins with EAA comes from Facebook Login: use the credential "Instagram Insights Facebook Login API" for it. If it begins with IGAA, it is not whole: copy it again.',
		),
		...COMMON_REFUSALS,
		...[10, 3, 200].map((code) => whenAnswerHas('error.code', code, NO_PERMISSION)),
		...OTHER_REFUSALS,
		whenAnswerHas('data', undefined, 'The answer is not one of the Instagram API. Check the Base URL.'),
	],
};
