import { describe, expect, test } from 'vitest';
import { classifyError } from '../../src/graph/error-answer.ts';
import type { InsightsErrorKind } from '../../src/insights-error.ts';
import { answer, refusal } from './answers.ts';

/** A body for every pattern of the reference: code, subcode, the pattern, what Meta would write, the kind it is. */
// biome-ignore format: a table reads by columns
const PATTERNS: readonly (readonly [code: number, subcode: number | null, match: string, message: string, kind: InsightsErrorKind])[] = [
	[1, null, "(any) / 'Please reduce the amount of data'", 'An unknown error occurred', 'transient'],
	[2, null, 'temporary', 'Service temporarily unavailable', 'transient'],
	[-1, 2207086, 'Fatal', 'Fatal', 'unsupported-metric'],
	[4, null, 'Application request limit reached', '(#4) Application request limit reached', 'rate-limit'],
	[17, null, 'User request limit reached', '(#17) User request limit reached', 'rate-limit'],
	[32, null, 'Page request limit reached', '(#32) Page request limit reached', 'rate-limit'],
	[341, null, 'Application limit reached', '(#341) Application limit reached', 'rate-limit'],
	[613, null, 'custom rate limit', '(#613) Calls to this api have exceeded the rate limit.', 'rate-limit'],
	[80002, null, 'Instagram BUC limit', '(#80002) There have been too many calls to this Instagram account.', 'rate-limit'],
	[368, null, 'Temporarily blocked for policy violations', 'The action attempted has been deemed abusive', 'blocked'],
	[10, null, 'Not enough viewers for the media to show insights', '(#10) Not enough viewers for the media to show insights', 'too-few-viewers'],
	[10, null, 'does not have permission', '(#10) Application does not have permission for this action', 'permission'],
	[3, null, 'capability', '(#3) Application does not have the capability to make this API call.', 'permission'],
	[200, null, '200-299', '(#200) Requires instagram_manage_insights permission', 'permission'],
	[100, 33, 'does not exist, cannot be loaded due to missing permissions', 'Unsupported get request. Object with ID \'1\' does not exist', 'not-found'],
	[100, 2108006, 'posted before ... converted to a business account', 'Media Posted Before Business Account Conversion', 'before-conversion'],
	[100, null, 'does not support the * metric for this media product type', '(#100) The Media Insights API does not support the follows metric for this media product type.', 'unsupported-metric'],
	[100, null, 'metric[N] must be one of the following values', '(#100) metric[2] must be one of the following values: reach, views', 'unknown-metric'],
	[100, null, 'The value must be a valid insights metric', '(#100) The value must be a valid insights metric', 'unknown-metric'],
	[100, null, 'should be specified with parameter metric_type=total_value', '(#100) The following metrics (likes) should be specified with parameter metric_type=total_value', 'invalid-query'],
	[100, null, 'periods (*) are incompatible with the metric', '(#100) The requested periods (week) are incompatible with the metric reach', 'invalid-query'],
	[100, null, 'Incompatible breakdowns', '(#100) Incompatible breakdowns (follow_type) for metric (reach)', 'invalid-query'],
	[100, null, 'breakdown[N] must be one of the following values', '(#100) breakdown[0] must be one of the following values: age, city', 'invalid-query'],
	[100, null, 'There cannot be more than 30 days (2592000 s) between since and until', '(#100) There cannot be more than 30 days (2592000 s) between since and until', 'window'],
	[100, null, 'since param is not valid. Metrics data is available for the last 2 years', '(#100) since param is not valid. Metrics data is available for the last 2 years', 'window'],
	[100, null, 'only supports querying data for the last 30 days excluding the current day', '(#100) (follower_count) metric only supports querying data for the last 30 days excluding the current day', 'window'],
	[100, null, 'no longer supported', '(#100) Starting from version v22.0 and above, the impressions metric is no longer supported for the queried media.', 'unsupported-metric'],
	[100, null, 'The ids query parameter is deprecated in v26.0+ (sent with HTTP 500)', 'The ids query parameter is deprecated in v26.0+', 'invalid-query'],
	[100, null, 'An unknown error has occurred (breakdown not supported)', 'An unknown error has occurred.', 'invalid-query'],
	[100, null, 'Invalid parameter (other)', 'Invalid parameter', 'invalid-query'],
	[102, null, 'session', 'Session key invalid or no longer valid', 'auth'],
	[190, null, 'Cannot parse access token', 'Invalid OAuth access token - Cannot parse access token', 'wrong-host'],
	[190, 458, 'App not installed', 'Error validating access token: The user has not authorized application 1.', 'auth'],
	[190, 459, 'User checkpointed', 'Error validating access token: The user is checkpointed', 'auth'],
	[190, 460, 'Password changed', 'Error validating access token: The session has been invalidated because the user changed the password.', 'auth'],
	[190, 463, 'Expired', 'Error validating access token: Session has expired', 'auth'],
	[190, 464, 'Unconfirmed user', 'Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.', 'auth'],
	[190, 467, 'Invalid access token', 'Invalid OAuth access token.', 'auth'],
	[190, 492, 'Invalid session (page role lost)', 'The user must be an administrator of the page', 'auth'],
	[24, 2207006, 'The media with {media-id} cannot be found', 'The media with 18000000000000009 cannot be found', 'not-found'],
	[25, 2207050, 'The Instagram account is restricted', 'The Instagram account is restricted.', 'permission'],
	[803, null, 'Some of the aliases you requested do not exist', '(#803) Some of the aliases you requested do not exist: 1', 'not-found'],
	[2500, null, 'Unknown path components / syntax error', 'Unknown path components: /insightz', 'invalid-query'],
	[36104, null, 'view_count outside Business Discovery', '(#36104) The field view_count is only available through Business Discovery', 'unsupported-field'],
	[9005, 1452042, 'Video content was not found (copyright_check_information)', 'Video content was not found', 'unsupported-field'],
];

describe('classifyError', () => {
	test('distinguishes an ended session from a dashboard token that needs no exchange', () => {
		const ended = classifyError(refusal({ code: 102, message: 'Session key invalid or no longer valid' }), {
			what: 'x',
		});
		expect([ended.graph?.rule, ended.advice]).toEqual([
			'session',
			expect.stringContaining('Connect the account again'),
		]);
		const exchange = classifyError(refusal({ code: 452, message: 'Session key invalid' }), { what: 'x' });
		expect(exchange.graph?.rule).toBe('session-key-invalid');
	});

	test.each(PATTERNS)('returns the kind of %s/%s %s on either host', (code, subcode, _match, message, kind) => {
		const codes = { code, ...(subcode === null ? {} : { error_subcode: subcode }) };
		for (const type of ['OAuthException', 'IGApiException']) {
			const error = classifyError(refusal({ message, type, ...codes }));
			expect(error.kind).toBe(kind);
			expect(error.advice).not.toBe('');
			expect(error.graph).toMatchObject({ code, message, type, status: 400 });
		}
	});

	test.each([
		['before-conversion-facebook.json', 400, 'before-conversion'],
		['before-conversion-instagram.json', 400, 'before-conversion'],
		['not-enough-viewers.json', 400, 'too-few-viewers'],
		['not-enough-users.json', 400, 'too-few-followers'],
		['not-shared-to-facebook.json', 400, 'unsupported-metric'],
		['metric-unknown-with-list.json', 400, 'unknown-metric'],
		['metric-not-for-this-media.json', 400, 'unsupported-metric'],
		['metric-needs-total-value.json', 400, 'invalid-query'],
		['window-over-30-days.json', 400, 'window'],
		['window-over-two-years.json', 400, 'window'],
		['follower-count-over-30-days.json', 400, 'window'],
		['ids-removed-instagram.json', 500, 'invalid-query'],
		['token-on-wrong-host.json', 400, 'wrong-host'],
		['token-expired.json', 401, 'auth'],
		['app-secret-wrong.json', 400, 'auth'],
		['app-id-wrong.json', 400, 'auth'],
		['app-secret-proof-wrong.json', 400, 'auth'],
		['object-missing.json', 400, 'not-found'],
		['rate-limit-app.json', 403, 'rate-limit'],
		['rate-limit-instagram.json', 400, 'rate-limit'],
		['too-much-data.json', 500, 'too-much-data'],
		['transient.json', 500, 'transient'],
		['field-nonexisting.json', 400, 'unsupported-field'],
		['codes-as-text.json', 400, 'permission'],
		['code-of-tomorrow.json', 400, 'unknown'],
		['login-code-used.json', 400, 'auth'],
		['oauth-standard.json', 401, 'auth'],
		['proxy-502.html', 502, 'transient'],
		['plain-text-503.txt', 503, 'transient'],
		['cut-short.txt', 500, 'transient'],
	] as const)('reads %s sent with HTTP %i as %s', (file, status, kind) => {
		expect(classifyError(answer(`errors/${file}`, status)).kind).toBe(kind);
	});

	test('keeps code, text and trace ID of an unknown refusal', () => {
		expect(classifyError(answer('errors/code-of-tomorrow.json', 400)).graph).toEqual({
			code: 7777,
			message: '(#7777) Something new',
			type: 'OAuthException',
			traceId: 'C5',
			status: 400,
		});
	});

	test.each([200, 400])('does not read HTTP %i as a code of Meta if the body has none', (status) => {
		const error = classifyError(refusal({ message: 'An error' }, status));
		expect(error).toMatchObject({ kind: 'unknown', graph: { status, message: 'An error' } });
		expect(error.advice).not.toContain('permission');
		expect(classifyError(refusal({}, status)).kind).toBe('unknown');
		expect(error.message).toBe(`Graph: An error (HTTP ${status})`);
	});

	test.each([401, 403, 502])('recognizes the error of a gateway, which repeats HTTP %i as its code', (status) => {
		const { advice, message } = classifyError(refusal({ code: status, message: 'No route' }, status));
		expect(message).toBe(`Graph: something on the way answered instead of Meta: No route (HTTP ${status})`);
		expect(advice).toContain('Check the base URL');
		const ofMeta = refusal({ code: status, message: 'No route', type: 'OAuthException' }, status);
		expect(classifyError(ofMeta).message).toBe(`Graph: No route (code ${status})`);
	});

	test("quotes Meta's text for users, or the message without its number, and names the question", () => {
		const what = 'insights of media 18000000000000001';
		expect(classifyError(answer('errors/before-conversion-facebook.json', 400), { what }).message).toBe(
			`${what}: The media was posted before the most recent time that the user's account was converted to a business account from a personal account (code 100, subcode 2108006)`,
		);
		expect(classifyError(answer('errors/not-enough-viewers.json', 400), { what }).message).toBe(
			`${what}: Not enough viewers for the media to show insights (code 10)`,
		);
	});

	test('quotes the beginning of a page that is not JSON', () => {
		const error = classifyError(answer('errors/proxy-502.html', 502), { what: 'profile' });
		expect(error.message).toBe(
			'profile: something on the way answered instead of Meta: 502 Bad Gateway Bad Gateway (HTTP 502)',
		);
		expect(error.graph?.message).not.toContain('<');
	});

	test('does not read an empty body as an answer of Meta, and retries only if the status says so', () => {
		expect(classifyError({ status: 429, headers: {}, text: '' }).kind).toBe('rate-limit');
		expect(classifyError({ status: 404, headers: {}, text: '' }).kind).toBe('network');
		expect(classifyError({ status: 418, headers: {}, text: '' }).kind).toBe('network');
	});

	test('reads every permission code from 200 to 299, and no others', () => {
		for (const code of [200, 250, 299]) expect(classifyError(refusal({ message: 'x', code })).kind).toBe('permission');
		for (const code of [199, 300]) expect(classifyError(refusal({ message: 'x', code })).kind).toBe('unknown');
	});

	test('never reads the HTTP 500 about ids as temporary', () => {
		expect(classifyError(answer('errors/ids-removed-instagram.json', 500)).graph?.rule).toBe('ids-removed');
	});

	test('believes is_transient for a vague refusal, but not for a clear one', () => {
		expect(classifyError(refusal({ message: 'Invalid parameter', code: 100, is_transient: true })).kind).toBe(
			'transient',
		);
		expect(classifyError(refusal({ message: 'x', code: 7777, is_transient: true })).kind).toBe('transient');
		expect(classifyError(refusal({ message: 'x', code: 190, is_transient: true })).kind).toBe('auth');
	});

	test('also searches the text for users', () => {
		const error_user_msg = 'Not enough viewers for the media to show insights';
		expect(classifyError(refusal({ message: 'Invalid', code: 10, error_user_msg })).kind).toBe('too-few-viewers');
	});

	test('waits as long as the longest wait the headers name', () => {
		const usage =
			'{"17841400000000001":[{"type":"instagram","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":7}]}';
		const headers = { 'x-business-use-case-usage': usage };
		expect(classifyError(answer('errors/rate-limit-instagram.json', 400, headers)).retryAfterMs).toBe(420_000);
		expect(classifyError(answer('errors/rate-limit-app.json', 400, { 'retry-after': '30' })).retryAfterMs).toBe(30_000);
		expect(classifyError(answer('errors/rate-limit-app.json', 400)).retryAfterMs).toBeUndefined();
	});

	test('names no wait if waiting does not help', () => {
		expect(
			classifyError(answer('errors/token-expired.json', 401, { 'retry-after': '30' })).retryAfterMs,
		).toBeUndefined();
	});

	test('contains no token or query in message, details or cause', () => {
		const token = 'IGAA-fixture-token';
		const error = classifyError(
			refusal({
				message: `Bad call https://graph.instagram.com/v25.0/me?access_token=${token}&fields=id`,
				error_user_msg: `Your token ${token} is bad`,
				error_user_title: token,
				fbtrace_id: token,
				type: token,
				code: 7777,
				error_data: { access_token: token, nested: [`x ${token}`] },
			}),
			{ what: `profile ${token}` },
		);
		expect(error.message).not.toContain(token);
		expect(JSON.stringify([error.graph, error.cause])).not.toContain(token);
		expect(JSON.stringify([error.graph, error.cause])).not.toContain('fields=id');
	});

	test('contains none of the known secrets, whatever they look like', () => {
		const error = classifyError(refusal({ message: 'no swordfish here', code: 1 }), { secrets: ['swordfish'] });
		expect(`${error.message} ${error.graph?.message}`).not.toContain('swordfish');
	});

	test('reads a date in retry-after by the clock of the answer, or by ours', () => {
		const until = 'Mon, 23 Nov 2026 20:02:00 GMT';
		const wait = (headers: Record<string, string>, now?: Date) =>
			classifyError({ status: 503, headers: { 'retry-after': until, ...headers }, text: '' }, now && { now })
				.retryAfterMs;
		const now = new Date('2026-11-23T20:00:30Z');
		expect(wait({ date: 'Mon, 23 Nov 2026 20:00:00 GMT' }, now)).toBe(120_000);
		expect(wait({}, now)).toBe(90_000);
		expect(wait({}, new Date('2026-11-23T21:00:00Z'))).toBe(0);
		expect(wait({})).toBeUndefined();
		expect(wait({ 'retry-after': 'soon' }, now)).toBeUndefined();
	});
});
