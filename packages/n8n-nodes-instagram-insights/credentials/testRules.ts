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
 * Any refusal of Graph that no line before has told, so that it is not taken for the answer of somebody else. The types
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

/** Refusals that mean the same on both hosts. Codes and subcodes: Meta's "Handling Errors" and "Rate Limits" pages. */
export const COMMON_REFUSALS: readonly IAuthenticateRuleResponseSuccessBody[] = [
	whenAnswerHas('error.error_subcode', 463, 'The access token has expired. Create a new one and paste it here.'),
	whenAnswerHas(
		'error.error_subcode',
		460,
		'The access token ended because the password of the account was changed. Create a new one and paste it here.',
	),
	whenAnswerHas(
		'error.error_subcode',
		458,
		'The account owner removed the app, so its access token ended. Connect the app again and paste the new token.',
	),
	whenAnswerHas(
		'error.error_subcode',
		459,
		'Meta wants the account owner to sign in and pass a security check before this token works again.',
	),
	whenAnswerHas(
		'error.code',
		190,
		'Meta does not accept the access token. It may have expired, or it is not complete. Create a new one and paste it here.',
	),
	...PASSING_TROUBLE,
];

/** `a, b and c`. */
export function allOf(names: readonly string[]): string {
	return new Intl.ListFormat('en-GB').format(names);
}
