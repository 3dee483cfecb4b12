import { describe, expect, test } from 'vitest';
import { decideRetry } from '../../../src/client/session/retry-policy.ts';
import { classifyError } from '../../../src/graph/error-answer.ts';
import { InsightsError, type InsightsErrorKind } from '../../../src/insights-error.ts';

const refused = (status: number, error: object) =>
	classifyError({ status, headers: {}, text: JSON.stringify({ error }) });
const plain = (kind: InsightsErrorKind) => new InsightsError(kind, 'x', { advice: 'y' });
const first = { attempt: 1, maxAttempts: 3, random: 0 };

describe('decideRetry', () => {
	test.each([
		['code 2', refused(500, { code: 2, message: 'An unexpected error has occurred.' })],
		['code 1', refused(500, { code: 1, message: 'An unknown error occurred' })],
		['is_transient', refused(400, { code: 987, message: 'x', is_transient: true })],
		['a bare 503', classifyError({ status: 503, headers: {}, text: '<html>' })],
		['a connection that broke', plain('network')],
	])('retries %s until the attempts are used up', (_, error) => {
		expect(decideRetry(error, first).retry).toBe(true);
		expect(decideRetry(error, { ...first, attempt: 2 }).retry).toBe(true);
		expect(decideRetry(error, { ...first, attempt: 3 })).toEqual({ retry: false });
	});

	test.each([
		['the HTTP 500 about ids', refused(500, { code: 100, message: 'The ids query parameter is deprecated in v26.0+' })],
		['an expired token', refused(400, { code: 190, error_subcode: 463, message: 'Session has expired' })],
		['a metric refused', refused(400, { code: 100, message: 'does not support the views metric' })],
		['a post from before the business account', refused(400, { code: 100, error_subcode: 2108006, message: 'x' })],
		['a wrong app secret', refused(400, { code: 1, message: 'Error validating client secret.' })],
		['an unknown app', refused(400, { code: 101, message: 'Error validating application.' })],
		['a wrong proof', refused(400, { code: 100, message: 'Invalid appsecret_proof provided in the API argument' })],
		['a page found too heavy', refused(500, { code: 1, message: 'Please reduce the amount of data' })],
		['a policy block', refused(400, { code: 368, message: 'x' })],
		['a rate limit, which the pace waits for', refused(400, { code: 80002, message: 'x' })],
		['a code no one has heard of', refused(400, { code: 987654, message: 'x' })],
		['a cancelled request', plain('cancelled')],
	])('never retries %s', (_, error) => {
		expect(decideRetry(error, first)).toEqual({ retry: false });
	});

	test.each([
		['100/33, which is also seen under load', refused(400, { code: 100, error_subcode: 33, message: 'x' })],
		['an answer cut short', plain('answer-unreadable')],
	])('retries %s once', (_, error) => {
		expect(decideRetry(error, first).retry).toBe(true);
		expect(decideRetry(error, { ...first, attempt: 2, maxAttempts: 9 })).toEqual({ retry: false });
	});

	test('doubles the pause each time, half of it random, up to 30 seconds', () => {
		const delay = (attempt: number, random: number) =>
			decideRetry(plain('network'), { attempt, maxAttempts: 99, random });
		expect(delay(1, 0)).toEqual({ retry: true, delayMs: 250 });
		expect(delay(1, 0.999)).toEqual({ retry: true, delayMs: 500 });
		expect(delay(3, 0)).toEqual({ retry: true, delayMs: 1000 });
		expect(delay(20, 0)).toEqual({ retry: true, delayMs: 15_000 });
	});

	test('waits at least as long as Meta says', () => {
		const error = classifyError({ status: 503, headers: { 'retry-after': '7' }, text: '' });
		expect(decideRetry(error, first)).toEqual({ retry: true, delayMs: 7000 });
	});

	test("waits longer than 30 seconds only within the caller's patience", () => {
		const after = (seconds: string) => classifyError({ status: 503, headers: { 'retry-after': seconds }, text: '' });
		expect(decideRetry(after('3600'), { ...first, patienceLeftMs: 3_599_999 })).toEqual({ retry: false });
		expect(decideRetry(after('3600'), { ...first, patienceLeftMs: 3_600_000 })).toEqual({
			retry: true,
			delayMs: 3_600_000,
		});
		expect(decideRetry(after('30'), { ...first, patienceLeftMs: 0 })).toEqual({ retry: true, delayMs: 30_000 });
	});
});
