import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { createDeliveryMemory } from '../../nodes/InstagramInsightsTrigger/receive/deliveryMemory';
import { type FakeRequest, triggerNode } from './fake-webhook.mts';
import { changes, comment, post } from './meta-post.mts';

describe('repetitions', () => {
	/** A workflow: its static data and the process it runs in. */
	function workflow(): FakeRequest & { staticData: IDataObject } {
		return { staticData: {}, memory: createDeliveryMemory() };
	}

	test('of an answered event are dropped and answered 200', async () => {
		const one = workflow();
		const first = await post(comment('1'), one);
		first.end('answered');
		const second = await post(comment('1'), one);
		expect([first.items.length, second.items.length]).toEqual([1, 0]);
		expect(second.answer.status).toBe(0);
	});

	test('are known by the event, not by the time of sending', async () => {
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

	test('that come while the first is not answered yet are asked to come again', async () => {
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

	test('with another content are news', async () => {
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

	test("of the dashboard's sample always come through", async () => {
		const one = workflow();
		(await post(comment('1', 'x', '0'), one)).end('answered');
		const { items } = await post(comment('1', 'x', '0'), one);
		expect(items).toHaveLength(1);
	});

	test('come through when that is wanted, and while the editor listens', async () => {
		const one = workflow();
		(await post(comment('1'), one)).end('answered');
		const wanted = await post(comment('1'), { ...one, parameters: { options: { dropDuplicates: false } } });
		const listening = await post(comment('1'), { ...one, listening: true });
		expect([wanted.items.length, listening.items.length]).toEqual([1, 1]);
	});

	test('leave no trace of events that nobody wanted', async () => {
		const one = workflow();
		await post(comment('1'), { ...one, parameters: { fields: ['mentions'] } });
		expect(one.staticData).toEqual({});
	});
});
