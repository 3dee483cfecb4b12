import { describe, expect, test } from 'vitest';
import { classifyError } from '../../src/graph/error-answer.ts';
import { absentReasonOf } from '../../src/insight/insight.ts';
import { answer } from '../graph/answers.ts';

describe('absentReasonOf', () => {
	test.each([
		['before-conversion-facebook', 'before-conversion'],
		['not-enough-viewers', 'too-few-viewers'],
		['not-enough-users', 'too-few-followers'],
		['not-shared-to-facebook', 'not-shared-to-facebook'],
		['metric-not-for-this-media', 'unsupported'],
		['metric-unknown-with-list', 'unsupported'],
		['object-missing', 'not-found'],
		['codes-as-text', 'no-permission'],
		['token-expired', 'no-permission'],
		['window-over-two-years', 'outside-retention'],
		['follower-count-over-30-days', 'outside-retention'],
		['window-over-30-days', 'failed'],
		['transient', 'failed'],
		['code-of-tomorrow', 'failed'],
	] as const)('returns the reason for %s', (file, reason) => {
		expect(absentReasonOf(classifyError(answer(`errors/${file}.json`, 400)))).toBe(reason);
	});
});
