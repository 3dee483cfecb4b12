import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import {
	createDeliveryMemory,
	MAX_SEEN,
	mergeSeen,
	readSeenDays,
	seenId,
	seenIds,
	seenNow,
} from '../../../nodes/InstagramInsightsTrigger/receive/deliveryMemory';
import { changes, comment, type FakeRequest, post, triggerNode } from './fake-webhook.mts';

describe('repetitions', () => {
	/** A workflow: its static data and the process it runs in. */
	function workflow(): FakeRequest & { staticData: IDataObject } {
		return { staticData: {}, memory: createDeliveryMemory() };
	}

	test('of an answered event are dropped with status 200', async () => {
		const one = workflow();
		const first = await post(comment('1'), one);
		first.end('answered');
		const second = await post(comment('1'), one);
		expect([first.items.length, second.items.length]).toEqual([1, 0]);
		expect(second.answer.status).toBe(0);
	});

	test('are recognized by the event, not by the time of sending', async () => {
		const one = workflow();
		(await post(comment('1'), one)).end('answered');
		const again = comment('1');
		const [entry] = again.entry as IDataObject[];
		const { items } = await post({ ...again, entry: [{ ...entry, time: 1764559999 }] }, one);
		expect(items).toEqual([]);
	});

	test('are dropped after a restart of n8n, from static data alone', async () => {
		const one = workflow();
		(await post(comment('1'), one)).end('answered');
		const afterRestart = { ...one, memory: createDeliveryMemory(), staticData: structuredClone(one.staticData) };
		const { items } = await post(comment('1'), afterRestart);
		expect(items).toEqual([]);
	});

	test('are dropped though another request has overwritten the static data', async () => {
		const one = workflow();
		const empty = structuredClone(one.staticData);
		(await post(comment('1'), one)).end('answered');
		const { items } = await post(comment('1'), { ...one, staticData: empty });
		expect(items).toEqual([]);
	});

	test('of an event whose execution could not start are let through', async () => {
		const { memory = createDeliveryMemory() } = workflow();
		// n8n does not save static data when it answers with an error.
		(await post(comment('1'), { memory, staticData: {} })).end('failed');
		const { items } = await post(comment('1'), { memory, staticData: {} });
		expect(items).toHaveLength(1);
	});

	test('of an event whose sender hung up before the answer are let through', async () => {
		const { memory = createDeliveryMemory() } = workflow();
		(await post(comment('1'), { memory, staticData: {} })).end('hung-up');
		const { items } = await post(comment('1'), { memory, staticData: {} });
		expect(items).toHaveLength(1);
	});

	test('that arrive before the first is answered get status 503', async () => {
		const one = workflow();
		const first = await post(comment('1'), one);
		const meanwhile = await post(comment('1'), { ...one, staticData: {} });
		expect(meanwhile.answer).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
		expect(meanwhile.result).toEqual({ noWebhookResponse: true });
		first.end('answered');
		expect((await post(comment('1'), one)).answer.status).toBe(0);
	});

	test('inside one post are dropped as well', async () => {
		const twice = changes({ field: 'comments', value: { id: '1' } }, { field: 'comments', value: { id: '1' } });
		const { items } = await post(twice, workflow());
		expect(items).toHaveLength(1);
	});

	test('with other content count as new events', async () => {
		const one = workflow();
		(await post(comment('1', 'first'), one)).end('answered');
		const { items } = await post(comment('1', 'edited'), one);
		expect(items).toHaveLength(1);
	});

	test('for another trigger are not repetitions', async () => {
		const one = workflow();
		(await post(comment('1'), one)).end('answered');
		const { items } = await post(comment('1'), { ...one, staticData: {}, node: triggerNode('node-2') });
		expect(items).toHaveLength(1);
	});

	test("of the dashboard's sample always pass", async () => {
		const one = workflow();
		(await post(comment('1', 'x', '0'), one)).end('answered');
		const { items } = await post(comment('1', 'x', '0'), one);
		expect(items).toHaveLength(1);
	});

	test('pass if the user wants them, and while the editor listens', async () => {
		const one = workflow();
		(await post(comment('1'), one)).end('answered');
		const wanted = await post(comment('1'), { ...one, parameters: { options: { dropDuplicates: false } } });
		const listening = await post(comment('1'), { ...one, listening: true });
		expect([wanted.items.length, listening.items.length]).toEqual([1, 1]);
	});

	test('of unwanted events are not remembered', async () => {
		const one = workflow();
		await post(comment('1'), { ...one, parameters: { fields: ['mentions'] } });
		expect(one.staticData).toEqual({});
	});
});

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const ids = fc.uniqueArray(fc.string().map(seenId), { maxLength: 40 });

describe('seenId', () => {
	test('has 16 letters whatever it is made of', () => {
		fc.assert(fc.property(fc.string(), (identity) => seenId(identity).length === 16));
	});
});

describe('mergeSeen', () => {
	test('contains what either memory contains', () => {
		fc.assert(
			fc.property(ids, ids, (left, right) => {
				const merged = seenIds(mergeSeen(seenNow(left, NOW), seenNow(right, NOW), NOW));
				expect([...left, ...right].every((id) => merged.has(id))).toBe(true);
			}),
		);
	});

	test('contains nothing else', () => {
		fc.assert(
			fc.property(ids, ids, (left, right) => {
				const known = new Set([...left, ...right]);
				expect([...seenIds(mergeSeen(seenNow(left, NOW), seenNow(right, NOW), NOW))].every((id) => known.has(id))).toBe(
					true,
				);
			}),
		);
	});

	test('keeps an event for the 36 hours in which Meta may repeat it, at any time of day', () => {
		fc.assert(
			fc.property(fc.nat(DAY_MS), fc.nat(36 * 3_600_000), (timeOfDay, later) => {
				const seenAt = NOW + timeOfDay;
				const id = seenId('event');
				expect(seenIds(mergeSeen(seenNow([id], seenAt), {}, seenAt + later)).has(id)).toBe(true);
			}),
		);
	});

	test('forgets an event after three days', () => {
		const id = seenId('event');
		expect(mergeSeen(seenNow([id], NOW), {}, NOW + 3 * DAY_MS)).toEqual({});
	});

	test('never holds more than its bound, and lets the oldest go first', () => {
		const old = Array.from({ length: 3_000 }, (_, index) => seenId(`old ${index}`));
		const young = Array.from({ length: 4_000 }, (_, index) => seenId(`young ${index}`));
		const merged = seenIds(mergeSeen(seenNow(old, NOW - DAY_MS), seenNow(young, NOW), NOW));
		expect(merged.size).toBe(MAX_SEEN);
		expect(young.every((id) => merged.has(id))).toBe(true);
		expect(merged.has(old[0] ?? '')).toBe(false);
		expect(merged.has(old[2_999] ?? '')).toBe(true);
	});

	test('holds its bound over any number of days', () => {
		const days = Array.from({ length: 4 }, (_, day) =>
			seenNow(
				Array.from({ length: 3_000 }, (_, index) => seenId(`${day} ${index}`)),
				NOW - day * DAY_MS,
			),
		);
		const merged = days.reduce((left, right) => mergeSeen(left, right, NOW), {});
		expect(seenIds(merged).size).toBe(MAX_SEEN);
	});
});

describe('readSeenDays', () => {
	test.each([[undefined], [null], ['text'], [{ today: 'x' }], [{ 20415: 7 }]])('reads %j as nothing seen', (stored) => {
		expect(readSeenDays(stored)).toEqual({});
	});

	test('reads back what was stored as JSON', () => {
		fc.assert(
			fc.property(ids, (list) => {
				const days = mergeSeen(seenNow(list, NOW), {}, NOW);
				expect(readSeenDays(JSON.parse(JSON.stringify(days)))).toEqual(days);
			}),
		);
	});
});
