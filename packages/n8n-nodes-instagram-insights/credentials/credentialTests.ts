import {
	DEFAULT_GRAPH_VERSION,
	GRAPH_ERROR_CODES,
	type GraphErrorKind,
	HOSTS,
} from '@instagram-insights/core/internal';
import type { IAuthenticateRuleResponseSuccessBody, ICredentialTestRequest } from 'n8n-workflow';
import { addressExpression } from './formParts';

/**
 * One rule of a credential test: when the response holds exactly `value` at `key` (a lodash path), the test fails with
 * `message`. n8n checks the rules in order and takes the first that matches.
 *
 * The rules see Meta's refusals only because the test requests set `ignoreHttpStatusErrors`. Without it, n8n reports
 * "Bad Request" for all of them.
 */
export function whenAnswerHas(key: string, value: unknown, message: string): IAuthenticateRuleResponseSuccessBody {
	return { type: 'responseSuccessBody', properties: { key, value, message } };
}

const BUSY =
	'Meta is limiting calls for this app or account right now, so the credential could not be checked. Try again later.';

const TEMPORARY = 'Meta has a temporary problem, so the credential could not be checked. Try again later.';

/** Temporary problems of Meta, which say nothing about the credential. */
export const TEMPORARY_PROBLEMS: readonly IAuthenticateRuleResponseSuccessBody[] = [
	...[4, 17, 32, 613, 80002].map((code) => whenAnswerHas('error.code', code, BUSY)),
	...[1, 2].map((code) => whenAnswerHas('error.code', code, TEMPORARY)),
];

/** Refusals of Graph that no rule above knows, so that they do not pass for a foreign response. */
const OTHER_REFUSALS: readonly IAuthenticateRuleResponseSuccessBody[] = [
	'OAuthException',
	'GraphMethodException',
	'IGApiException',
].map((type) =>
	whenAnswerHas(
		'error.type',
		type,
		"Meta refused for a reason that this test does not know. Run a node with this credential to see Meta's message.",
	),
);

/** Messages that mean one cause, although other causes share their code. */
const WORDS: readonly (readonly [message: string, rule: string])[] = [
	['API access blocked.', 'app-blocked'],
	['API access deactivated. To reactivate, go to the app dashboard.', 'app-blocked'],
	['Error validating application. Application has been deleted.', 'app-deleted'],
	['Unsupported request - method type: get', 'method-unsupported'],
	['An active access token must be used to query information about the current user.', 'app-token'],
	['Insufficient Developer Role', 'tester-role'],
];

const OF_THE_CREDENTIAL: readonly GraphErrorKind[] = ['auth', 'permission', 'blocked'];

/** Refusals that mean the same on both hosts, with core's advice. */
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
	...TEMPORARY_PROBLEMS,
];

/** `a, b and c`. */
function allOf(names: readonly string[]): string {
	return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ');
}

export const INSTAGRAM_PERMISSIONS = allOf(HOSTS['graph.instagram.com'].permissions.insights);
const NO_INSTAGRAM_PERMISSION = `The token lacks a permission to read insights. Give the app ${INSTAGRAM_PERMISSIONS}, then create a new token.`;

/** *Test* with a token of Instagram Login asks for the reach, which needs every permission of the nodes. */
export const INSTAGRAM_TEST: ICredentialTestRequest = {
	request: {
		baseURL: addressExpression('https://graph.instagram.com'),
		url: `/${DEFAULT_GRAPH_VERSION}/me/insights`,
		qs: { metric: 'reach', period: 'day', metric_type: 'total_value' },
		ignoreHttpStatusErrors: true,
	},
	rules: [
		whenAnswerHas(
			'error.message',
			'Invalid OAuth access token - Cannot parse access token',
			'This is not a token of Instagram Login. If it begins with EAA, it comes from Facebook Login: use the credential "Instagram Insights Facebook Login API". If it begins with IGAA, it is incomplete: copy it again.',
		),
		...COMMON_REFUSALS,
		...[10, 3, 200].map((code) => whenAnswerHas('error.code', code, NO_INSTAGRAM_PERMISSION)),
		...OTHER_REFUSALS,
		whenAnswerHas('data', undefined, 'The response did not come from the Instagram API. Check the Base URL.'),
	],
};

const { insights, discovery } = HOSTS['graph.facebook.com'].permissions;

export const FACEBOOK_PERMISSIONS = allOf([...insights, ...discovery]);
const NO_FACEBOOK_PERMISSION = `The token lacks a permission to read insights. Give the app ${FACEBOOK_PERMISSIONS}, then create a new token.`;

/** The accounts of the token with the reach of each: the one request that needs every permission. The start time follows. */
const REACH_SINCE =
	'id,instagram_business_account{id,insights.metric(reach).period(day).metric_type(total_value).since(';

/** *Test* with a token of Facebook Login. */
export const FACEBOOK_TEST: ICredentialTestRequest = {
	request: {
		baseURL: addressExpression('https://graph.facebook.com'),
		url: `/${DEFAULT_GRAPH_VERSION}/me/accounts`,
		qs: { fields: `={{ "${REACH_SINCE}" + $now.minus({ days: 28 }).toUnixInteger() + ")}" }}`, limit: 1 },
		ignoreHttpStatusErrors: true,
	},
	rules: [
		whenAnswerHas(
			'error.message',
			'Invalid OAuth access token - Cannot parse access token',
			'This is not a token of Facebook Login. If it begins with IGAA, it comes from Instagram Login: use the credential "Instagram Insights API". If it begins with EAA, it is incomplete: copy it again.',
		),
		whenAnswerHas(
			'error.message',
			'API calls from the server require an appsecret_proof argument',
			'The app requires its secret with each request. Enter the App Secret.',
		),
		whenAnswerHas(
			'error.message',
			'Invalid appsecret_proof provided in the API argument',
			'The App Secret does not belong to the app that created the token. Copy it from the App Dashboard of that app under App settings > Basic.',
		),
		whenAnswerHas(
			'error.message',
			'(#100) Tried accessing nonexisting field (accounts) on node type (Page)',
			'This token belongs to a single Page and cannot be tested here. It works for the account of that Page. A user or system user token reaches all accounts.',
		),
		...COMMON_REFUSALS,
		...[10, 3, 200].map((code) => whenAnswerHas('error.code', code, NO_FACEBOOK_PERMISSION)),
		...OTHER_REFUSALS,
		whenAnswerHas('data', undefined, 'The response did not come from the Graph API. Check the Base URL.'),
		whenAnswerHas(
			'data[0].instagram_business_account.insights.data.length',
			0,
			`The token finds the account but gets no insights. Usually the permission instagram_manage_insights is missing. An account without any reach in the last 28 days looks the same. All permissions: ${FACEBOOK_PERMISSIONS}.`,
		),
		whenAnswerHas(
			'data[0]',
			undefined,
			`The token reaches no Facebook Page. It needs the permission pages_show_list, and business_management if a business portfolio owns the Page. At login, select the Page that is linked to the Instagram account. All permissions: ${FACEBOOK_PERMISSIONS}.`,
		),
	],
};
