import { DEFAULT_GRAPH_VERSION, HOSTS } from '@instagram-insights/core/internal';
import type { ICredentialTestRequest } from 'n8n-workflow';
import { allOf, COMMON_REFUSALS, OTHER_REFUSALS, whenAnswerHas } from './testRules';

const { insights, discovery } = HOSTS['graph.facebook.com'].permissions;

export const PERMISSIONS = allOf([...insights, ...discovery]);
const NO_PERMISSION = `The token may not read this. Give the app the permissions ${PERMISSIONS}, then create a new token.`;

/** The accounts of the token with the reach of each: the one request that needs every permission. The time follows. */
const REACH_SINCE =
	'id,instagram_business_account{id,insights.metric(reach).period(day).metric_type(total_value).since(';

/** What *Test* asks with a token of Facebook Login. */
export const FACEBOOK_TEST: ICredentialTestRequest = {
	request: {
		baseURL: '={{$credentials.baseUrl}}',
		url: `/${DEFAULT_GRAPH_VERSION}/me/accounts`,
		qs: { fields: `={{ "${REACH_SINCE}" + $now.minus({ days: 28 }).toUnixInteger() + ")}" }}`, limit: 1 },
		ignoreHttpStatusErrors: true,
	},
	rules: [
		whenAnswerHas(
			'error.message',
			'Invalid OAuth access token - Cannot parse access token',
			'This is not a token of Facebook Login. A token that begins with IGAA comes from Instagram Login: use the credential "Instagram Insights API" for it. If it begins with EAA, it is not whole: copy it again.',
		),
		whenAnswerHas(
			'error.message',
			'API calls from the server require an appsecret_proof argument',
			'The app wants a proof of its secret with each call. Fill in App Secret.',
		),
		whenAnswerHas(
			'error.message',
			'Invalid appsecret_proof provided in the API argument',
			'App Secret is not the secret of the app that the token was made with.',
		),
		whenAnswerHas(
			'error.message',
			'(#100) Tried accessing nonexisting field (accounts) on node type (Page)',
			'This is the token of a single Page, which cannot be tested here. It works for the account of that Page; a user or system user token reaches all accounts.',
		),
		...COMMON_REFUSALS,
		...[10, 3, 200].map((code) => whenAnswerHas('error.code', code, NO_PERMISSION)),
		...OTHER_REFUSALS,
		whenAnswerHas('data', undefined, 'The answer is not one of the Graph API. Check the Base URL.'),
		whenAnswerHas(
			'data[0].instagram_business_account.insights.data.length',
			0,
			`The token finds the account but gets no insights. Most often the permission instagram_manage_insights is missing; an account without any reach in the last 28 days looks the same. All permissions: ${PERMISSIONS}.`,
		),
		whenAnswerHas(
			'data[0]',
			undefined,
			`The token reaches no Facebook Page. It needs the permission pages_show_list, and a Page that is linked with the Instagram account and was ticked at login; where a business portfolio owns the Page, business_management as well. All permissions: ${PERMISSIONS}.`,
		),
	],
};
