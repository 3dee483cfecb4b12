import type { Clock } from '@instagram-insights/core/internal';
import { sleep } from 'n8n-workflow';

/** The machine's clock. A stopped execution wakes sleepers at once. */
export const n8nClock: Clock = {
	now: () => new Date(),
	async sleep(ms, signal) {
		signal?.throwIfAborted();
		if (ms <= 0) return;
		if (signal === undefined) return await sleep(ms);
		await Promise.race([
			sleep(ms),
			new Promise<never>((_, reject) => {
				signal.addEventListener('abort', () => reject(signal.reason), { once: true });
			}),
		]);
	},
};
