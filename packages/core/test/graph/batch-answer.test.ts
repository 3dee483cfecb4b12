import { describe, expect, test } from 'vitest';
import { BatchAnswer } from '../../src/client/session/batch.ts';
import { readAnswer } from '../../src/graph/read-answer.ts';
import { answer } from './answers.ts';

const what = 'account';

describe('BatchAnswer', () => {
	test('has one response per request, in order, with null for what ran out of time', () => {
		const { data } = readAnswer(answer('batch/mixed.json'), BatchAnswer, { what });
		expect(data.map((item) => item?.status)).toEqual([200, 400, undefined]);
		expect(data[0]?.headers).toHaveProperty('x-app-usage');
		expect(data[1]?.text).toContain('Not enough viewers');
		expect(data[2]).toBeNull();
	});
});
