import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttemptResult, judgeResponse, readRetryAfter } from '../../src/relay/judge-response.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
type Answer = Extract<AttemptResult, { kind: 'answer' }>;
const answer = (status: number, changes: Partial<Answer> = {}): Answer => ({
	kind: 'answer',
	status,
	contentType: 'application/json; charset=utf-8',
	retryAfter: null,
	text: '{"message":"Workflow was started"}',
	complete: true,
	...changes,
});
const startUpPage = { contentType: 'text/html; charset=utf-8', text: '<p>n8n is starting up. Please wait</p>' };

describe('judgeResponse', () => {
	test.each([200, 201, 202, 204, 299])('takes %i for delivered', (status) => {
		expect(judgeResponse(answer(status), 'n8n', NOW)).toEqual({ kind: 'delivered', reason: 'ok' });
	});

	test("does not take n8n's start-up page for delivered", () => {
		expect(judgeResponse(answer(200, startUpPage), 'n8n', NOW)).toEqual({ kind: 'retry', reason: 'n8n-starting' });
		expect(judgeResponse(answer(200, { ...startUpPage, contentType: '' }), 'n8n', NOW).kind).toBe('retry');
	});

	test('takes the same words for delivered where a workflow says them in JSON', () => {
		expect(judgeResponse(answer(200, { text: '{"say":"n8n is starting up"}' }), 'n8n', NOW).kind).toBe('delivered');
	});

	test('takes any 2xx for delivered where only the status counts', () => {
		expect(judgeResponse(answer(200, startUpPage), 'status', NOW).kind).toBe('delivered');
		expect(judgeResponse(answer(200, { complete: false }), 'status', NOW).kind).toBe('delivered');
	});

	test('does not take a body that broke off for delivered', () => {
		expect(judgeResponse(answer(200, { complete: false }), 'n8n', NOW)).toEqual({
			kind: 'retry',
			reason: 'answer-cut',
		});
	});

	test('retries and alerts when n8n does not know the webhook', () => {
		const text = '{"code":404,"message":"The requested webhook \\"POST x\\" is not registered."}';
		expect(judgeResponse(answer(404, { text }), 'n8n', NOW)).toEqual({
			kind: 'retry',
			reason: 'n8n-not-registered',
			alert: true,
		});
	});

	test.each([301, 302, 307, 400, 404, 408, 409, 422, 425, 429, 500, 502, 503, 504])('retries %i', (status) => {
		expect(judgeResponse(answer(status, { text: '' }), 'n8n', NOW)).toEqual({
			kind: 'retry',
			reason: `http-${status}`,
		});
	});

	test.each([401, 403])('pauses the subscriber at %i', (status) => {
		expect(judgeResponse(answer(status), 'n8n', NOW)).toEqual({
			kind: 'pause',
			reason: `http-${status}`,
			disable: false,
		});
	});

	test('disables the subscriber at 410', () => {
		expect(judgeResponse(answer(410), 'n8n', NOW)).toEqual({ kind: 'pause', reason: 'http-410', disable: true });
	});

	test('gives up what is too large', () => {
		expect(judgeResponse(answer(413), 'n8n', NOW)).toEqual({ kind: 'dead', reason: 'http-413' });
	});

	test('passes on how long to wait', () => {
		expect(judgeResponse(answer(429, { retryAfter: '30' }), 'n8n', NOW)).toMatchObject({ retryAfterMs: 30_000 });
	});

	test.each(['timeout', 'refused', 'reset', 'dns', 'tls', 'forbidden-address', 'network'] as const)(
		'retries after no answer: %s',
		(reason) => {
			expect(judgeResponse({ kind: 'no-answer', reason }, 'n8n', NOW)).toEqual({ kind: 'retry', reason });
		},
	);

	test('calls nothing but a 2xx delivered, whatever the answer says', () => {
		const any = fc.record({
			kind: fc.constant('answer' as const),
			status: fc.integer({ min: 100, max: 599 }),
			contentType: fc.string(),
			retryAfter: fc.option(fc.string()),
			text: fc.string(),
			complete: fc.boolean(),
		});
		fc.assert(
			fc.property(any, fc.constantFrom('n8n' as const, 'status' as const), (result, success) => {
				const { kind } = judgeResponse(result, success, NOW);
				expect(kind === 'delivered' && (result.status < 200 || result.status > 299)).toBe(false);
			}),
		);
	});
});

describe('readRetryAfter', () => {
	test.each([
		['120', 120_000],
		['0', 0],
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
