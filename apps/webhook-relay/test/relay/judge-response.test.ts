import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttemptResult, judgeAnswer, readRetryAfter } from '../../src/relay/rules.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
type Answer = Extract<AttemptResult, { kind: 'answer' }>;
const answer = (status: number, changes: Partial<Answer> = {}): Answer => ({
	kind: 'answer',
	status,
	contentType: 'application/json; charset=utf-8',
	retryAfter: null,
	date: null,
	text: '{"message":"Workflow was started"}',
	...changes,
});
const startUpPage = { contentType: 'text/html; charset=utf-8', text: '<p>n8n is starting up. Please wait</p>' };

describe('judgeAnswer', () => {
	test.each([200, 201, 202, 204, 299])('takes %i for delivered', (status) => {
		expect(judgeAnswer(answer(status), 'n8n', NOW)).toEqual({ kind: 'delivered', reason: 'ok' });
	});

	test("does not take n8n's start-up page for delivered", () => {
		expect(judgeAnswer(answer(200, startUpPage), 'n8n', NOW)).toEqual({
			kind: 'retry',
			reason: 'n8n-starting',
			about: 'receiver',
		});
		expect(judgeAnswer(answer(200, { ...startUpPage, contentType: '' }), 'n8n', NOW).kind).toBe('retry');
	});

	test('takes the same words for delivered where a workflow says them in JSON', () => {
		expect(judgeAnswer(answer(200, { text: '{"say":"n8n is starting up"}' }), 'n8n', NOW).kind).toBe('delivered');
	});

	test('takes any 2xx for delivered where only the status counts', () => {
		expect(judgeAnswer(answer(200, startUpPage), 'status', NOW).kind).toBe('delivered');
	});

	test('takes a 200 for delivered although its body was not read', () => {
		expect(judgeAnswer(answer(200, { text: '' }), 'n8n', NOW).kind).toBe('delivered');
	});

	test('retries when n8n does not know the webhook', () => {
		const text = '{"code":404,"message":"The requested webhook \\"POST x\\" is not registered."}';
		expect(judgeAnswer(answer(404, { text }), 'n8n', NOW)).toEqual({
			kind: 'retry',
			reason: 'n8n-not-registered',
			about: 'receiver',
		});
	});

	test.each([
		...[301, 302, 307, 400, 404, 408, 409, 422, 500, 501, 505].map((status) => [status, 'event'] as const),
		...[502, 503, 504].map((status) => [status, 'receiver'] as const),
		...[401, 403, 410].map((status) => [status, 'access'] as const),
		[429, 'rate'] as const,
	])('retries %i, which speaks of the %s', (status, about) => {
		expect(judgeAnswer(answer(status, { text: '' }), 'n8n', NOW)).toEqual({
			kind: 'retry',
			reason: `http-${status}`,
			about,
		});
	});

	test.each([null, 'Mon, 23 Nov 2026 12:00:00 GMT'])(
		'names the clocks when the receiver refuses the time alone, dated %j: a proxy may date the answer',
		(date) => {
			expect(judgeAnswer(answer(425, { date, text: '' }), 'n8n', NOW)).toEqual({
				kind: 'retry',
				reason: 'clock-skew',
				about: 'receiver',
			});
		},
	);

	test.each([
		['Mon, 23 Nov 2026 12:05:01 GMT', 'clock-skew'],
		['Mon, 23 Nov 2026 11:54:59 GMT', 'clock-skew'],
		['Mon, 23 Nov 2026 12:05:00 GMT', 'http-401'],
		['Mon, 23 Nov 2026 11:55:00 GMT', 'http-401'],
		['noon', 'http-401'],
		[null, 'http-401'],
	])('names the clocks when a refusal is dated %j', (date, reason) => {
		expect(judgeAnswer(answer(401, { date }), 'n8n', NOW)).toMatchObject({ kind: 'retry', reason });
	});

	test('gives up what is too large', () => {
		expect(judgeAnswer(answer(413), 'n8n', NOW)).toEqual({ kind: 'dead', reason: 'http-413' });
	});

	test('passes on how long to wait', () => {
		expect(judgeAnswer(answer(429, { retryAfter: '30' }), 'n8n', NOW)).toMatchObject({ retryAfterMs: 30_000 });
	});

	test.each(['timeout', 'refused', 'reset', 'dns', 'tls', 'forbidden-address', 'network'] as const)(
		'retries after no answer: %s',
		(reason) => {
			expect(judgeAnswer({ kind: 'no-answer', reason }, 'n8n', NOW)).toEqual({
				kind: 'retry',
				reason,
				about: 'receiver',
			});
		},
	);

	test('calls nothing but a 2xx delivered, whatever the answer says', () => {
		const any = fc.record({
			kind: fc.constant('answer' as const),
			status: fc.integer({ min: 100, max: 599 }),
			contentType: fc.string(),
			retryAfter: fc.option(fc.string()),
			date: fc.option(fc.string()),
			text: fc.string(),
		});
		fc.assert(
			fc.property(any, fc.constantFrom('n8n' as const, 'status' as const), (result, success) => {
				const { kind } = judgeAnswer(result, success, NOW);
				expect(kind === 'delivered' && (result.status < 200 || result.status > 299)).toBe(false);
			}),
		);
	});
});

describe('readRetryAfter', () => {
	test.each([
		['120', 120_000],
		['0', 0],
		['99999999999', 99_999_999_999_000],
		['Mon, 23 Nov 2026 12:01:00 GMT', 60_000],
		['Mon, 23 Nov 2026 11:59:00 GMT', null],
		['soon', null],
		['-5', null],
		['', null],
		[null, null],
	])('reads %j as %j', (header, ms) => {
		expect(readRetryAfter(header, NOW)).toBe(ms);
	});
});
