import { describe, expect, test } from 'vitest';
import { InsightsError, isInsightsError } from '../src/insights-error.ts';

describe('InsightsError', () => {
	test('has a message, advice and a cause', () => {
		const cause = new Error('socket');
		const error = new InsightsError('network', 'media of 1784: no answer', { advice: 'Try again.', cause });
		expect(error).toMatchObject({
			name: 'InsightsError',
			kind: 'network',
			message: 'media of 1784: no answer',
			advice: 'Try again.',
		});
		expect(error.cause).toBe(cause);
	});

	test('has no members for unknown details', () => {
		const error = new InsightsError('unknown', 'x', { advice: 'y' });
		expect(Object.keys(error).sort()).toEqual(['advice', 'brand', 'kind', 'name']);
		expect('cause' in error).toBe(false);
	});
});

describe('isInsightsError', () => {
	test('recognizes an error of another copy of this library', () => {
		const foreign = Object.assign(new Error('x'), { brand: 'instagram-insights/error', kind: 'auth', advice: 'y' });
		expect(isInsightsError(foreign)).toBe(true);
	});

	test('does not recognize other errors and plain objects', () => {
		expect(isInsightsError(new Error('x'))).toBe(false);
		expect(isInsightsError({ brand: 'instagram-insights/error', kind: 'auth' })).toBe(false);
		expect(isInsightsError(null)).toBe(false);
	});
});
