import { manualClock } from '@instagram-insights/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DeliverOptions, startDeliveries } from '../../src/relay/deliver.ts';
import type { Subscriber } from '../../src/relay/event.ts';
import { type Happening, type Observer, observeAll } from '../../src/relay/observe.ts';
import { DEFAULT_RETRY } from '../../src/relay/rules.ts';
import type { Sender } from '../../src/relay/send.ts';
import { StoreError } from '../../src/relay/store.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-event-store.ts';
import { pollUntil } from '../poll-until.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { commentReceipt, NOON, subscriber } from './sample-receipt.ts';

const SUBSCRIBER: Subscriber = {
	...{ id: 'a', url: 'http://127.0.0.1:9/', testUrl: null, secrets: [], headers: {} },
	...{ objects: null, fields: null, accounts: null, mode: 'event', success: 'status', order: 'none' },
	...{ timeoutMs: 1000, concurrency: 1, ratePerSecond: null, retry: DEFAULT_RETRY },
};

/** Deliveries of a store with one event; every attempt succeeds unless `post` says otherwise. Time is turned by hand. */
async function startTestDeliveries(
	changes: { settleFailures?: number; to?: Subscriber; post?: Sender['post']; observer?: Observer } = {},
) {
	const store = await openSqliteStore({ path: `${temporaryFolder()}/relay.db`, dedupMs: 86_400_000 });
	await store.route([subscriber('a')]);
	await store.append(commentReceipt(['1']));
	const clock = manualClock(new Date(NOON));
	const [seen, sent]: [Happening[], string[]] = [[], []];
	let failures = changes.settleFailures ?? 0;
	const sender: Sender = {
		post: async (url, ...rest) => {
			sent.push(url);
			if (changes.post !== undefined) return changes.post(url, ...rest);
			return { kind: 'answer', status: 200, contentType: '', retryAfter: null, date: null, text: '' };
		},
		close: async () => {},
	};
	const options: DeliverOptions = {
		store: {
			...store,
			settle: async (settlements) => {
				failures -= 1;
				if (failures >= 0) throw new StoreError('locked', 'database is locked');
				await store.settle(settlements);
			},
		},
		...{ clock, random: () => 0, holder: 'test', createSender: () => sender },
		observer: observeAll([
			...(changes.observer === undefined ? [] : [changes.observer]),
			{ see: (one) => void seen.push(one) },
		]),
	};
	const deliveries = startDeliveries(options);
	deliveries.use([changes.to ?? SUBSCRIBER]);
	onTestFinished(async () => {
		await deliveries.stop(0);
		await store.close();
	});
	const state = async () => (await store.browse.deliveries({ limit: 1 })).rows[0]?.state;
	return { clock, store, sent, state, seen, failed: () => seen.filter(({ kind }) => kind === 'failed') };
}

describe('startDeliveries', () => {
	test('records an attempt that the store refused at first, and sends it once', async () => {
		const { clock, failed, sent, state } = await startTestDeliveries({ settleFailures: 3 });
		for (const [refusals, waitMs] of [250, 1000, 3000].entries()) {
			// Its wait begins in the same moment.
			await pollUntil('a refusal', () => failed().length > refusals);
			await clock.advance(waitMs);
		}
		await pollUntil('the record', async () => (await state()) === 'delivered');
		expect(failed()).toHaveLength(3);
		expect(sent).toHaveLength(1);
	});

	test('gives a record up after four tries, and sends again when the lease ends', async () => {
		const { clock, failed, sent, state } = await startTestDeliveries({ settleFailures: 4 });
		for (const [refusals, waitMs] of [250, 1000, 3000].entries()) {
			// Its wait begins in the same moment.
			await pollUntil('a refusal', () => failed().length > refusals);
			await clock.advance(waitMs);
		}
		await pollUntil('four refusals', () => failed().length === 4);
		expect(sent).toHaveLength(1);
		await pollUntil('the second delivery', async () => {
			await clock.advance(1000);
			return sent.length === 2;
		});
		await pollUntil('its record', async () => (await state()) === 'delivered');
	});

	test('records an attempt although an observer throws', async () => {
		const observer = {
			see: () => {
				throw new Error('no metric of that name');
			},
		};
		const { state, seen } = await startTestDeliveries({ observer });
		await pollUntil('the record', async () => (await state()) === 'delivered');
		expect(seen).toMatchObject([{ kind: 'attempted', verdict: { kind: 'delivered' } }]);
	});

	test('tries a delivery again when its lease ends that could not be made ready', async () => {
		const broken = { ...SUBSCRIBER, secrets: ['whsec_'] };
		const { clock, failed, sent } = await startTestDeliveries({ to: broken });
		await pollUntil('the failure', () => failed().length === 1);
		expect(sent).toEqual([]);
		await pollUntil('the next one', async () => {
			await clock.advance(1000);
			return failed().length === 2;
		});
		expect(clock.now().getTime() - NOON).toBeGreaterThanOrEqual(16_000);
	});

	test('says when a subscriber is held, and when no longer', async () => {
		const { clock, store, seen } = await startTestDeliveries();
		await store.pause('a', { reason: 'maintenance', now: NOON });
		const holds = () => seen.filter(({ kind }) => kind === 'hold');
		await pollUntil('the hold', async () => {
			await clock.advance(1000);
			return holds().length === 1;
		});
		await clock.advance(5000);
		await store.resume('a');
		await pollUntil('its end', async () => {
			await clock.advance(1000);
			return holds().length === 2;
		});
		expect(holds()).toEqual([
			{ kind: 'hold', subscriberId: 'a', hold: { kind: 'operator', until: null } },
			{ kind: 'hold', subscriberId: 'a', hold: null },
		]);
	});

	test('keeps a delivery alive for as long as access is refused', async () => {
		const retry = { delaysMs: [10, 20], jitter: 0 };
		const post: Sender['post'] = async () => {
			return { kind: 'answer', status: 401, contentType: '', retryAfter: null, date: null, text: '' };
		};
		const { clock, sent, state } = await startTestDeliveries({ to: { ...SUBSCRIBER, retry }, post });
		await pollUntil('six refusals', async () => {
			await clock.advance(1000);
			return sent.length === 6;
		});
		expect(await state()).toBe('pending');
	});
});
