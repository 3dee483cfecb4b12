import { manualClock } from '@instagram-insights/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpSender } from '../../src/relay/http-sender.ts';
import { type LaneOptions, startLane } from '../../src/relay/lane.ts';
import { DEFAULT_RETRY } from '../../src/relay/retry-schedule.ts';
import { StoreError } from '../../src/relay/store-error.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-event-store.ts';
import { noTracing } from '../../src/trace/no-tracing.ts';
import { pollUntil } from '../poll-until.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { commentReceipt, NOON, subscriber } from './sample-receipt.ts';

const SUBSCRIBER: LaneOptions['subscriber'] = {
	...{ id: 'a', url: 'http://127.0.0.1:9/', testUrl: null, secrets: [], headers: {}, fields: null, accounts: null },
	...{ mode: 'event', success: 'status', timeoutMs: 1000, concurrency: 1, ratePerSecond: null, order: 'none' },
	retry: DEFAULT_RETRY,
};

/** A lane over a store with one delivery; every attempt succeeds. Time is turned by hand. */
async function startTestLane(changes: Partial<LaneOptions> & { settleFailures?: number } = {}) {
	const { settleFailures = 0, ...options } = changes;
	const store = await openSqliteStore({ path: `${temporaryFolder()}/relay.db`, dedupMs: 86_400_000 });
	await store.route([subscriber('a')]);
	await store.append(commentReceipt(['1']));
	const clock = manualClock(new Date(NOON));
	const [errors, sent]: [string[], string[]] = [[], []];
	const sender: HttpSender = {
		post: async (url) => {
			sent.push(url);
			return { kind: 'answer', status: 200, contentType: '', retryAfter: null, text: '', complete: true };
		},
		close: async () => {},
	};
	let failures = settleFailures;
	const lane = startLane({
		subscriber: SUBSCRIBER,
		store: {
			...store,
			settle: async (settlements) => {
				failures -= 1;
				if (failures >= 0) throw new StoreError('locked', 'database is locked');
				await store.settle(settlements);
			},
		},
		sender,
		clock,
		random: () => 0,
		holder: 'test',
		tracing: noTracing,
		onAttempt: () => {},
		onStoreError: (error) => void errors.push(String(error)),
		...options,
	});
	onTestFinished(async () => {
		await lane.stop(0);
		await store.close();
	});
	const state = async () => (await store.browse.deliveries({ limit: 1 })).rows[0]?.state;
	return { clock, errors, sent, state };
}

describe('startLane', () => {
	test('records an attempt that the store refused at first, and sends it once', async () => {
		const { clock, errors, sent, state } = await startTestLane({ settleFailures: 3 });
		for (const waitMs of [250, 1000, 3000]) {
			await pollUntil(`the wait of ${waitMs} ms`, () => clock.sleeps.includes(waitMs));
			await clock.advance(waitMs);
		}
		await pollUntil('the record', async () => (await state()) === 'delivered');
		expect(errors).toHaveLength(3);
		expect(sent).toHaveLength(1);
	});

	test('gives a record up after four tries, and sends again when the lease ends', async () => {
		const { clock, errors, sent, state } = await startTestLane({ settleFailures: 4 });
		for (const waitMs of [250, 1000, 3000]) {
			await pollUntil(`the wait of ${waitMs} ms`, () => clock.sleeps.includes(waitMs));
			await clock.advance(waitMs);
		}
		await pollUntil('four refusals', () => errors.length === 4);
		expect(sent).toHaveLength(1);
		await pollUntil('the second delivery', async () => {
			await clock.advance(1000);
			return sent.length === 2;
		});
		await pollUntil('its record', async () => (await state()) === 'delivered');
	});

	test('records an attempt although telling of it failed', async () => {
		const { errors, state } = await startTestLane({
			onAttempt: () => {
				throw new Error('no metric of that name');
			},
		});
		await pollUntil('the record', async () => (await state()) === 'delivered');
		expect(errors).toEqual(['Error: no metric of that name']);
	});

	test('tries a delivery again when its lease ends that could not be made ready', async () => {
		const broken = { ...SUBSCRIBER, secrets: ['whsec_'] };
		const { clock, errors, sent } = await startTestLane({ subscriber: broken });
		await pollUntil('the failure', () => errors.length === 1);
		expect(sent).toEqual([]);
		await pollUntil('the next one', async () => {
			await clock.advance(1000);
			return errors.length === 2;
		});
		expect(clock.now().getTime() - NOON).toBeGreaterThanOrEqual(16_000);
	});
});
