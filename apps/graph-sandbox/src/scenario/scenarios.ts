import { deadMessage } from '../answer/check-token.ts';
import type { RefusalRow } from '../answer/graph-error.ts';
import { list } from '../answer/insights-query.ts';
import { noCapability, noPermission, reduceData } from '../answer/refusals.ts';

type Words = Omit<RefusalRow, 'message'> & { readonly message: string; readonly means: string };
const plain = { type: 'OAuthException', plain: true } as const;

/** Refusals as developers quote them from the live hosts, one scenario each. */
// biome-ignore format: a table reads by columns
const REFUSAL_WORDS = {
	'api-blocked':         { ...plain, code: 200, message: 'API access blocked.', means: 'code 200: the API is switched off for the app' },
	'api-deactivated':     { ...plain, code: 200, message: 'API access deactivated. To reactivate, go to the app dashboard.', means: 'code 200: the API was deactivated for the app' },
	'app-deleted':         { ...plain, code: 190, message: 'Error validating application. Application has been deleted.', means: 'code 190: the app behind the token was deleted' },
	'unsupported-request': { code: 100, plain: true, message: 'Unsupported request - method type: get', means: 'code 100: a tester invitation that was not accepted, or an id of another account' },
	'new-words':           { code: 100, message: 'Something that nobody has heard of is wrong with the request', means: 'code 100 in words that nobody knows' },
	'page-node':           { code: 100, message: 'Tried accessing nonexisting field (insights) on node type (Page)', means: 'code 100: the id of a Page in place of an account' },
	'not-reviewed':        { code: 10, message: "To use 'Instagram Public Content Access', your use of this endpoint must be reviewed and approved by Facebook.", means: 'code 10: the app needs App Review' },
	'page-role':           { code: 200, message: 'User does not have sufficient administrative permission for this action on this page', means: 'code 200: no role on the Page' },
	'two-factor':          { code: 200, message: 'Two factor authentication is required to manage this page', means: 'code 200: the Page demands two-factor authentication' },
	'page-gone':           { code: 21, message: 'Page ID 1 was migrated to page ID 2. Please update your API calls to the new ID', means: 'code 21: the Page was merged into another' },
} as const satisfies Readonly<Record<string, Words>>;

/** What goes wrong while the answer is sent. */
type WireEffect = 'slow' | 'cut' | 'reset' | 'truncated' | 'html';

/** What differs inside an answer that succeeds. */
export type AnswerChange =
	| 'empty-insights'
	| 'null-batch-items'
	| 'wrapped'
	| 'string-codes'
	| 'no-accounts'
	| 'odd-value';

export type Scenario = { readonly means: string } & (
	| {
			readonly kind: 'refuse';
			/** `null`: this request is let through. */
			readonly row: (argument: string | null, params: Readonly<Record<string, string>>) => RefusalRow | null;
			readonly headers?: Readonly<Record<string, string>>;
	  }
	| { readonly kind: 'wire'; readonly effect: WireEffect }
	| { readonly kind: 'change'; readonly change: AnswerChange }
);

const OAUTH = { type: 'OAuthException', plain: true } as const;
const OF_FOLLOWERS: ReadonlySet<string> = new Set([
	'follower_count',
	'follower_demographics',
	'follows_and_unfollows',
	'online_followers',
]);
const USED_UP = { call_count: 100, total_cputime: 42, total_time: 51 };

/** Everything that can go wrong on request. The table is the documentation: `/__sandbox/scenario` and the README show it. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
	transient: {
		means: 'HTTP 500, code 2, is_transient: try again later',
		kind: 'refuse',
		row: () => ({
			...OAUTH,
			code: 2,
			status: 500,
			transient: true,
			message: 'An unexpected error has occurred. Please retry your request later.',
		}),
	},
	unknown: {
		means: 'HTTP 500, code 1: an unknown error',
		kind: 'refuse',
		row: () => ({ ...OAUTH, code: 1, status: 500, message: 'An unknown error occurred' }),
	},
	'reduce-data': {
		means: 'HTTP 500, code 1 "Please reduce the amount of data": always, or (`reduce-data:25`) when limit is over 25',
		kind: 'refuse',
		row: (argument, params) =>
			argument !== null && Number(params.limit ?? '25') <= Number(argument) ? null : reduceData().row,
	},
	'rate-limit': {
		means: 'code 80002, the account limit, with 17 minutes to wait in the usage header',
		kind: 'refuse',
		row: () => ({
			type: 'OAuthException',
			code: 80_002,
			message: 'There have been too many calls to this Instagram account. Wait a bit and try again.',
		}),
		headers: {
			'x-business-use-case-usage': JSON.stringify({
				'17841401714833000': [{ type: 'instagram', ...USED_UP, estimated_time_to_regain_access: 17 }],
			}),
		},
	},
	'rate-limit-app': {
		means: 'HTTP 403, code 4, the app limit, with x-app-usage at 100',
		kind: 'refuse',
		row: () => ({
			type: 'OAuthException',
			code: 4,
			status: 403,
			transient: true,
			message: 'Application request limit reached',
		}),
		headers: { 'x-app-usage': JSON.stringify(USED_UP) },
	},
	'rate-limit-user': {
		means: 'code 17, the user limit',
		kind: 'refuse',
		row: () => ({ type: 'OAuthException', code: 17, message: 'User request limit reached' }),
	},
	'rate-limit-page': {
		means: 'code 32, the Page limit',
		kind: 'refuse',
		row: () => ({ type: 'OAuthException', code: 32, message: 'Page request limit reached' }),
	},
	'rate-limit-app-older': {
		means: 'code 341, the older app limit',
		kind: 'refuse',
		row: () => ({ type: 'OAuthException', code: 341, message: 'Application limit reached' }),
	},
	'rate-limit-custom': {
		means: 'code 613, a custom limit',
		kind: 'refuse',
		row: () => ({ type: 'OAuthException', code: 613, message: 'Calls to this api have exceeded the rate limit.' }),
	},
	blocked: {
		means: 'code 368, blocked for policy violations',
		kind: 'refuse',
		row: () => ({
			type: 'OAuthException',
			code: 368,
			message: 'The action attempted has been deemed abusive or is otherwise disallowed',
		}),
	},
	auth: {
		means: 'code 190 with the subcode given: `auth:460`; without one, 463',
		kind: 'refuse',
		row: (argument) => ({
			...OAUTH,
			code: 190,
			subcode: Number(argument ?? '463'),
			message: deadMessage(Number(argument ?? '463')),
		}),
	},
	session: {
		means: 'code 102: the session behind the token has ended',
		kind: 'refuse',
		row: () => ({ type: 'OAuthException', code: 102, message: 'Session key invalid or no longer valid' }),
	},
	'no-capability': {
		means: 'code 3: the app lacks the capability',
		kind: 'refuse',
		row: () => noCapability().row,
	},
	'not-enough-users': {
		means: 'code 100/2874010 for calls that ask a metric of followers; others are let through',
		kind: 'refuse',
		row: (_, params) =>
			list(params.metric).some((metric) => OF_FOLLOWERS.has(metric))
				? {
						...OAUTH,
						code: 100,
						subcode: 2_874_010,
						message: 'Not enough users',
						userTitle: "Demographic data isn't available",
						userMessage:
							'You can learn about your audience once this metric has more than 100 people in each breakdown.',
					}
				: null,
	},
	'no-permission': {
		means: 'code 10: the app does not have permission',
		kind: 'refuse',
		row: () => noPermission().row,
	},
	restricted: {
		means: 'code 25/2207050: the Instagram account is restricted',
		kind: 'refuse',
		row: () => ({ code: 25, subcode: 2_207_050, message: 'The Instagram account is restricted.' }),
	},
	'not-found': {
		means: 'code 100/33, which Meta also answers under load',
		kind: 'refuse',
		row: () => ({
			type: 'GraphMethodException',
			plain: true,
			code: 100,
			subcode: 33,
			message:
				"Unsupported get request. Object with ID 'x' does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
		}),
	},
	strange: {
		means: 'code 987654, which nobody knows',
		kind: 'refuse',
		row: () => ({ code: 987_654, subcode: 1, message: 'Something new has happened' }),
	},
	'ids-retired': {
		means: 'HTTP 500 with code 100, the one server error that must never be repeated',
		kind: 'refuse',
		row: () => ({ plain: true, code: 100, status: 500, message: 'The ids query parameter is deprecated in v26.0+' }),
	},
	...Object.fromEntries(
		Object.entries(REFUSAL_WORDS).map(
			([name, { means, ...row }]) => [name, { means, kind: 'refuse', row: () => row }] as const,
		),
	),
	slow: {
		means: 'waits 3 seconds before it answers, or as many milliseconds as given: `slow:500`',
		kind: 'wire',
		effect: 'slow',
	},
	cut: { means: 'the connection ends in the middle of the body', kind: 'wire', effect: 'cut' },
	reset: { means: 'the connection is reset before any answer', kind: 'wire', effect: 'reset' },
	'truncated-json': { means: 'HTTP 200 with the first half of the body', kind: 'wire', effect: 'truncated' },
	'html-error': {
		means: 'HTTP 502 with an HTML page, or the status given: `html-error:407`',
		kind: 'wire',
		effect: 'html',
	},
	'empty-insights': { means: 'HTTP 200 with `data: []` for all insights', kind: 'change', change: 'empty-insights' },
	'no-accounts': {
		means: '/me/accounts lists no Page, as without a permission',
		kind: 'change',
		change: 'no-accounts',
	},
	'odd-value': { means: 'the first metric of an answer has a text for a value', kind: 'change', change: 'odd-value' },
	'null-batch-items': { means: 'every third item of a batch is null', kind: 'change', change: 'null-batch-items' },
	wrapped: { means: '/me and the code exchange answer inside `{"data":[…]}`', kind: 'change', change: 'wrapped' },
	'string-codes': { means: 'error codes are written as text', kind: 'change', change: 'string-codes' },
};
