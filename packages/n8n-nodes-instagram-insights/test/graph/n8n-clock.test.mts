import { describe, expect, test } from 'vitest';
import { n8nClock } from '../../nodes/graph/n8nClock';

describe('n8nClock.sleep', () => {
	test('is over at once for no time', async () => {
		await expect(n8nClock.sleep(0)).resolves.toBeUndefined();
	});

	test('ends when the execution is stopped, long before its time', async () => {
		const stop = new AbortController();
		const sleeping = n8nClock.sleep(3_600_000, stop.signal);
		stop.abort(new Error('stopped'));
		await expect(sleeping).rejects.toThrow('stopped');
	});

	test('does not begin when the execution has stopped before', async () => {
		await expect(n8nClock.sleep(3_600_000, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
	});
});
