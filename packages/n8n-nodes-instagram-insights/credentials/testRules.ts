import { GRAPH_ERROR_CODES, type GraphErrorKind } from '@instagram-insights/core/internal';
import type { IAuthenticateRuleResponseSuccessBody } from 'n8n-workflow';

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
 * Any refusal of Graph that no line before has recognised, so that it is not taken for the answer of somebody else. The types
 * are those of the answers we know.
 */
export const OTHER_REFUSALS: readonly IAuthenticateRuleResponseSuccessBody[] = [
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
export const COMMON_REFUSALS: readonly IAuthenticateRuleResponseSuccessBody[] = [
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
export function allOf(names: readonly string[]): string {
	return new Intl.ListFormat('en-GB').format(names);
}
