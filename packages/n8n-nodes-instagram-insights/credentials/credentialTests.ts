import { DEFAULT_GRAPH_VERSION, GRAPH_ERROR_CODES, type GraphErrorKind, HOSTS } from '@instagram-insights/core/internal';
import type { IAuthenticateRuleResponseSuccessBody, ICredentialTestRequest } from 'n8n-workflow';

/**
 * One line of a credential test: when the answer holds exactly `value` at `key` (a lodash path), the test fails with
 * `message`. n8n reads the lines in order and takes the first that matches.
 *
 * These lines only see Meta's refusals because the test requests set `ignoreHttpStatusErrors`: without it n8n reports
 * "Bad Request" for all of them.
 */
export function whenAnswerHas(key: string, value: unknown, message: string): IAuthenticateRuleResponseSuccessBody {
	return { type: 'responseSuccessBody', properties: { key, value, message } };
}

const BUSY =
	'Meta is limiting calls for this app or account right now, so the credential could not be checked. Try again later.';

const TROUBLE = 'Meta has trouble right now, so the credential could not be checked. Try again later.';

/** Meta's passing trouble, which says nothing about the credential. */
export const PASSING_TROUBLE: readonly IAuthenticateRuleResponseSuccessBody[] = [
	...[4, 17, 32, 613, 80002].map((code) => whenAnswerHas('error.code', code, BUSY)),
	...[1, 2].map((code) => whenAnswerHas('error.code', code, TROUBLE)),
];

/**
 * Any refusal of Graph that no line before has told, so that it is not taken for the answer of somebody else. The types
 * are those of the answers we know.
 */
const OTHER_REFUSALS: readonly IAuthenticateRuleResponseSuccessBody[] = [
	'OAuthException',
	'GraphMethodException',
	'IGApiException',
].map((type) =>
	whenAnswerHas(
		'error.type',
		type,
		'Meta refused, for a reason that this test does not know. Run a node with this credential: it shows what Meta says.',
	),
);

/** Words of Meta that stand for one cause, whatever else is said with the same code. */
const WORDS: readonly (readonly [message: string, rule: string])[] = [
	['API access blocked.', 'app-blocked'],
	['API access deactivated. To reactivate, go to the app dashboard.', 'app-blocked'],
	['Error validating application. Application has been deleted.', 'app-deleted'],
	['Unsupported request - method type: get', 'method-unsupported'],
	['An active access token must be used to query information about the current user.', 'app-token'],
	['Insufficient Developer Role', 'tester-role'],
];

const OF_THE_CREDENTIAL: readonly GraphErrorKind[] = ['auth', 'permission', 'blocked'];

/** Refusals that mean the same on both hosts, with the way out that core knows. */
const COMMON_REFUSALS: readonly IAuthenticateRuleResponseSuccessBody[] = [
	...WORDS.flatMap(([message, rule]) =>
		GRAPH_ERROR_CODES.filter(({ id }) => id === rule).map(({ advice }) =>
			whenAnswerHas('error.message', message, advice),
		),
	),
	...GRAPH_ERROR_CODES.flatMap(({ subcode, kind, advice }) =>
		subcode !== null && OF_THE_CREDENTIAL.includes(kind) ? [whenAnswerHas('error.error_subcode', subcode, advice)] : [],
	),
	...GRAPH_ERROR_CODES.flatMap(({ code, subcode, text, kind, advice }) =>
		code !== null && subcode === null && text === null && (kind === 'auth' || kind === 'blocked')
			? [whenAnswerHas('error.code', code, advice)]
			: [],
	),
	...PASSING_TROUBLE,
];

/** `a, b and c`. */
function allOf(names: readonly string[]): string {
	return new Intl.ListFormat('en-GB').format(names);
}

export const INSTAGRAM_PERMISSIONS = allOf(HOSTS['graph.instagram.com'].permissions.insights);
const NO_INSTAGRAM_PERMISSION = `The token may not read insights. Give the app the permissions ${INSTAGRAM_PERMISSIONS}, then create a new token.`;

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
		...[10, 3, 200].map((code) => whenAnswerHas('error.code', code, NO_INSTAGRAM_PERMISSION)),
		...OTHER_REFUSALS,
		whenAnswerHas('data', undefined, 'The answer is not one of the Instagram API. Check the Base URL.'),
	],
};

const { insights, discovery } = HOSTS['graph.facebook.com'].permissions;

export const FACEBOOK_PERMISSIONS = allOf([...insights, ...discovery]);
const NO_FACEBOOK_PERMISSION = `The token may not read this. Give the app the permissions ${FACEBOOK_PERMISSIONS}, then create a new token.`;

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
		...[10, 3, 200].map((code) => whenAnswerHas('error.code', code, NO_FACEBOOK_PERMISSION)),
		...OTHER_REFUSALS,
		whenAnswerHas('data', undefined, 'The answer is not one of the Graph API. Check the Base URL.'),
		whenAnswerHas(
			'data[0].instagram_business_account.insights.data.length',
			0,
			`The token finds the account but gets no insights. Most often the permission instagram_manage_insights is missing; an account without any reach in the last 28 days looks the same. All permissions: ${FACEBOOK_PERMISSIONS}.`,
		),
		whenAnswerHas(
			'data[0]',
			undefined,
			`The token reaches no Facebook Page. It needs the permission pages_show_list, and a Page that is linked with the Instagram account and was ticked at login; where a business portfolio owns the Page, business_management as well. All permissions: ${FACEBOOK_PERMISSIONS}.`,
		),
	],
};
