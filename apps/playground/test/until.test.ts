import { describe, expect, test } from 'vitest';
import { until } from '../src/until.ts';

describe('until', () => {
	test('returns the first answer', async () => {
		const answers = [undefined, false, 'here'] as const;
		let asked = 0;
		expect(await until('an answer', () => answers[asked++])).toBe('here');
		expect(asked).toBe(3);
	});

	test('treats an error as no answer yet', async () => {
		let asked = 0;
		const ask = () => {
			if (asked++ === 0) throw new Error('too early');
			return 0;
		};
		expect(await until('a number', ask)).toBe(0);
	});

	test('names what it waited for, and the last error, when time runs out', async () => {
		const ask = () => Promise.reject(new Error('connection refused'));
		await expect(until('n8n', ask, 20)).rejects.toMatchObject({
			message: expect.stringContaining('n8n'),
			cause: expect.objectContaining({ message: 'connection refused' }),
		});
	});
});
