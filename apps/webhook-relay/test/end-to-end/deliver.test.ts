import { createHmac } from 'node:crypto';
import { verifyStandardWebhook } from '@instagram-insights/core/webhook';
import { describe, expect, test } from 'vitest';
import { CIRCUIT_THRESHOLD } from '../../src/guard/limits.ts';
import { BEHAVIOURS, type Behaviour, startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { APP_SECRET, commentBody, startTestRelay } from '../start-test-relay.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const retry = { delays: Array.from({ length: 20 }, () => '20ms'), jitter: 0 };
const commentIds = (received: readonly { json: { data: { value: unknown } } }[]) =>
	received.map(({ json }) => (json.data.value as { id: string }).id);

describe('a delivery', () => {
	test('carries the event, signed by Standard Webhooks', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({
			subscribers: [{ id: 'n8n', url: n8n.url, secret: SECRET, headers: { 'x-api-key': 'k' } }],
		});
		await relay.post(commentBody('17841436214263005', { text: 'café ❤' }));
		await pollUntil('a delivery', () => n8n.received.length > 0);
		const [delivery] = n8n.received;
		const { headers = {}, body = '' } = delivery ?? {};
		expect(verifyStandardWebhook({ headers, body, secrets: [SECRET], now: new Date() })).toMatchObject({ valid: true });
		expect(headers).toMatchObject({ 'x-api-key': 'k', 'content-type': 'application/json' });
		expect(JSON.parse(body)).toMatchObject({
			type: 'instagram.comments',
			timestamp: '2025-12-01T01:03:20.000Z',
			data: {
				account_id: '17841405309211844',
				field: 'comments',
				value: { id: '17841436214263005', text: 'café ❤' },
				event_id: headers['webhook-id'],
			},
		});
	});

	test("passes Meta's bytes and signature through", async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, mode: 'passthrough' }] });
		await relay.post({
			object: 'instagram',
			entry: [{ id: '1', changes: [{ field: 'comments', value: { text: 'é/' } }] }],
		});
		await pollUntil('a delivery', () => n8n.received.length > 0);
		const [delivery] = n8n.received;
		const digest = createHmac('sha256', APP_SECRET)
			.update(delivery?.body ?? '')
			.digest('hex');
		expect(delivery?.headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
		expect(delivery?.body).toContain(String.raw`\u00e9\/`);
	});

	test('goes to every subscriber that wants it, and to no other', async () => {
		const [all, comments, other] = [
			await startFaultSubscriber(),
			await startFaultSubscriber(),
			await startFaultSubscriber(),
		];
		const relay = await startTestRelay({
			subscribers: [
				{ id: 'all', url: all.url },
				{ id: 'comments', url: comments.url, match: { fields: ['comments'], accounts: ['17841405309211844'] } },
				{ id: 'other', url: other.url, match: { fields: ['messages'] } },
			],
		});
		await relay.post(commentBody('1'));
		await pollUntil('both deliveries', () => all.received.length === 1 && comments.received.length === 1);
		await pollUntil('nothing waiting', async () => (await relay.api('totals')).json.pending === 0);
		expect(other.received).toEqual([]);
	});

	test.each([
		['startingUp', 'n8n-starting'],
		['htmlNotFound', 'http-404'],
		['notRegistered', 'n8n-not-registered'],
		['databaseNotReady', 'http-503'],
		['failing', 'http-500'],
		['redirect', 'http-302'],
		['reset', 'reset'],
		['silent', 'timeout'],
	] as const)('is tried again after %s, under the same id', async (behaviour, reason) => {
		const n8n = await startFaultSubscriber(BEHAVIOURS[behaviour]);
		const timeoutMs = reason === 'timeout' ? 300 : undefined;
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, retry, timeoutMs }] });
		await relay.post(commentBody('1'));
		await pollUntil('two attempts', () => n8n.received.length >= 2);
		n8n.behave(BEHAVIOURS.ok);
		const row = await pollUntil(
			'the delivery',
			async () => (await relay.api('deliveries?state=delivered')).json.rows[0],
		);
		expect(new Set(n8n.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
		const { deliveries } = (await relay.api(`events/${row.eventId}`)).json;
		expect(deliveries[0]?.attemptLog[0]?.reason).toBe(reason);
		expect(deliveries[0]?.attemptLog.at(-1)).toMatchObject({ reason: 'ok', status: 200 });
	});

	test('waits as long as a 429 asks', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.throttled);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, retry }] });
		await relay.post(commentBody('1'));
		await pollUntil('the first attempt', () => n8n.received.length === 1);
		n8n.behave(BEHAVIOURS.ok);
		await pollUntil('the second attempt', () => n8n.received.length === 2);
		const [first = 0, second = 0] = n8n.received.map(({ at }) => at);
		expect(second - first).toBeGreaterThan(900);
	});

	test('is a dead delivery when its schedule is used up, and can be replayed', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.failing);
		const relay = await startTestRelay({
			subscribers: [{ id: 'n8n', url: n8n.url, retry: { delays: ['10ms', '10ms'] } }],
		});
		await relay.post(commentBody('1'));
		await pollUntil('a dead delivery', async () => (await relay.api('totals')).json.dead === 1);
		expect(n8n.received).toHaveLength(3);
		n8n.behave(BEHAVIOURS.ok);
		expect((await relay.api('replay', { state: 'dead' })).json).toEqual({ replayed: 1 });
		await pollUntil('the delivery', async () => (await relay.api('deliveries?state=delivered')).json.rows.length === 1);
		expect(new Set(n8n.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
	});

	test('that is too large is a dead delivery at once', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.tooLarge);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, retry }] });
		await relay.post(commentBody('1'));
		await pollUntil('a dead delivery', async () => (await relay.api('totals')).json.dead === 1);
		expect(n8n.received).toHaveLength(1);
	});

	test.each([
		['unauthorized', 'http-401'],
		['forbidden', 'http-403'],
		['gone', 'http-410'],
	] as const)(
		'waits while %s pauses the subscriber, and goes out by itself when it is let in',
		async (behaviour, reason) => {
			const n8n = await startFaultSubscriber(BEHAVIOURS[behaviour]);
			const slow = { delays: ['60s'], jitter: 0 };
			const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, retry: slow }] });
			const row = async () => (await relay.api('subscribers')).json.rows[0];
			const pause = async () => (await row())?.pause;
			await relay.post(commentBody('1'));
			// Recorded, not only received: an attempt that is settled after the clock has moved is due again much later.
			await pollUntil('the first refusal', async () => (await row())?.lastFailureReason === reason);
			expect(await pause()).toBeNull();
			relay.setAhead(121_000);
			await pollUntil('the pause', async () => (await pause())?.reason === reason);
			n8n.behave(BEHAVIOURS.ok);
			relay.setAhead(242_500);
			await pollUntil('the delivery', async () => (await relay.api('totals')).json.pending === 0);
			expect(await pause()).toBeNull();
			expect(n8n.received).toHaveLength(3);
			const reported = relay.lines.map((line) => JSON.parse(line)).filter(({ hold }) => hold !== undefined);
			expect(reported).toMatchObject([{ subscriberId: 'n8n', hold: 'access', reason }]);
		},
	);

	test('names the clocks when they differ, and goes out by itself when they agree', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.unauthorized);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, retry: { delays: ['1s'] } }] });
		relay.setAhead(-600_000);
		await relay.post(commentBody('1'));
		await pollUntil('the refusal', () => n8n.received.length === 1);
		const reported = () => relay.lines.map((line) => JSON.parse(line)).find(({ reason }) => reason === 'clock-skew');
		await pollUntil('the line', () => reported() !== undefined);
		expect(Math.abs(reported().clockAheadSeconds - 600)).toBeLessThan(5);
		n8n.behave(BEHAVIOURS.ok);
		relay.setAhead(0);
		await pollUntil('the delivery', async () => (await relay.api('totals')).json.pending === 0);
	});

	test.each([
		['cutBody', 'n8n'],
		['slowBody', 'n8n'],
		['slowBody', 'status'],
		['endlessBody', 'n8n'],
		['endlessBody', 'status'],
	] as const)('is delivered once where a 200 has begun: %s, success %s', async (behaviour, success) => {
		const n8n = await startFaultSubscriber(BEHAVIOURS[behaviour]);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, success, retry, timeoutMs: 1500 }] });
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', async () => (await relay.api('deliveries?state=delivered')).json.rows.length === 1);
		expect(n8n.received).toHaveLength(1);
	});

	test.each(['failing', 'databaseNotReady', 'reset'] as const)(
		'reaches its receiver although 18 others before it fail again and again: %s',
		async (behaviour) => {
			const n8n = await startFaultSubscriber((response, request, json) => {
				const { id } = json.data.value as { id: string };
				const answer: Behaviour = BEHAVIOURS[id.startsWith('bad') ? behaviour : 'ok'];
				answer(response, request, json);
			});
			// The default schedule: those that failed are due again before the second probe.
			const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
			for (let count = 0; count < 18; count += 1) await relay.post(commentBody(`bad-${count}`));
			for (let count = 0; count < 5; count += 1) await relay.post(commentBody(`good-${count}`));
			let aheadMs = 0;
			await pollUntil('the healthy ones', async () => {
				// Where a circuit opens, the second probe at the latest finds the receiver healthy: 10 s and 20 s.
				aheadMs += 1000;
				relay.setAhead(aheadMs);
				return (await relay.api('totals')).json.pending === 18;
			});
			const good = commentIds(n8n.received).filter((id) => id.startsWith('good'));
			expect(new Set(good).size).toBe(5);
		},
	);

	test('tells the first failure of a subscriber, each change of the reason, and its end, once each', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.failing);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, retry }] });
		const reported = () =>
			relay.lines
				.map((line) => JSON.parse(line))
				.filter(({ level, subscriberId }) => level >= 30 && subscriberId === 'n8n')
				.map(({ level, reason, msg }) => [level, reason, msg.split(':')[0]]);
		await relay.post(commentBody('1'));
		await pollUntil('three failures', () => n8n.received.length >= 3);
		n8n.behave(BEHAVIOURS.htmlNotFound);
		await pollUntil('two of another kind', () => reported().length === 2);
		n8n.behave(BEHAVIOURS.ok);
		await pollUntil('the end', () => reported().length === 3);
		await relay.post(commentBody('2'));
		await pollUntil('the next delivery', async () => (await relay.api('totals')).json.pending === 0);
		expect(reported()).toEqual([
			[40, 'http-500', 'delivery failed, will retry'],
			[40, 'http-404', 'delivery failed, will retry'],
			[30, 'http-404', 'subscriber accepts deliveries again'],
		]);
	});

	test.each([
		['reset', 'reset'],
		['silent', 'timeout'],
		['failing', 'http-500'],
		['redirect', 'http-302'],
		['unauthorized', 'http-401'],
		['startingUp', 'n8n-starting'],
	] as const)(
		'that fails for the first time by %s is a warning with its reason and what to do',
		async (behaviour, reason) => {
			const n8n = await startFaultSubscriber(BEHAVIOURS[behaviour]);
			const timeoutMs = reason === 'timeout' ? 200 : undefined;
			const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, timeoutMs }] });
			await relay.post(commentBody('1'));
			const line = await pollUntil('the line', () => relay.lines.find((text) => text.includes('delivery failed')));
			expect(JSON.parse(line)).toMatchObject({ level: 40, subscriberId: 'n8n', reason });
			expect(JSON.parse(line).msg.length).toBeGreaterThan('delivery failed, will retry: '.length);
		},
	);

	test('logs the start and the end of a hold', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.reset);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, retry: { delays: ['1h'] } }] });
		const held = () => relay.lines.map((line) => JSON.parse(line)).filter(({ msg }) => /\bhold\b/.test(msg));
		// As many as open the circuit: no attempt is under way when the clock moves.
		for (let count = 0; count < CIRCUIT_THRESHOLD; count += 1) await relay.post(commentBody(`${count}`));
		await pollUntil('the hold', () => held().length === 1);
		n8n.behave(BEHAVIOURS.ok);
		relay.setAhead(11_000);
		await relay.post(commentBody('probe'));
		await pollUntil('its end', () => held().length === 2);
		expect(held()).toMatchObject([
			{ level: 40, subscriberId: 'n8n', hold: 'circuit', reason: 'reset', until: expect.any(String) },
			{ level: 30, subscriberId: 'n8n' },
		]);
	});

	test('does not read an answer beyond the first few kB', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.hugeBody);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', async () => (await relay.api('deliveries?state=delivered')).json.rows.length === 1);
	});

	test('never connects to an address that is forbidden, by literal or by name', async () => {
		const n8n = await startFaultSubscriber();
		const port = new URL(n8n.url).port;
		const relay = await startTestRelay({
			subscribers: [
				{ id: 'metadata', url: 'http://169.254.169.254/latest/meta-data', retry },
				{ id: 'literal', url: `http://127.0.0.1:${port}/`, retry },
				{ id: 'name', url: `http://localhost:${port}/`, retry },
				{ id: 'decimal', url: `http://2130706433:${port}/`, retry },
			],
			environment: { RELAY_ALLOW_PRIVATE: 'false' },
		});
		await relay.post(commentBody('1'));
		await pollUntil('every refusal', async () => {
			const { rows } = (await relay.api('subscribers')).json;
			return rows.every((row) => row.lastFailureReason === 'forbidden-address');
		});
		expect(n8n.received).toEqual([]);
	});
});

describe('a subscriber', () => {
	test('that is slow or dead holds up no other', async () => {
		const [slow, quick] = [await startFaultSubscriber(BEHAVIOURS.silent), await startFaultSubscriber()];
		const relay = await startTestRelay({
			subscribers: [
				{ id: 'slow', url: slow.url, concurrency: 2, timeoutMs: 20_000 },
				{ id: 'dead', url: 'http://127.0.0.1:9/', concurrency: 2 },
				{ id: 'quick', url: quick.url },
			],
			environment: { RELAY_DRAIN_SECONDS: '0' },
		});
		for (let id = 0; id < 30; id += 1) await relay.post(commentBody(`${id}`));
		await pollUntil('all deliveries to the quick one', () => quick.received.length === 30);
		expect(slow.received).toHaveLength(2);
	});

	test('gets no more requests at once than its concurrency', async () => {
		const answers: (() => void)[] = [];
		const n8n = await startFaultSubscriber((response) => void answers.push(() => response.end('{}')));
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, concurrency: 3 }] });
		for (let id = 0; id < 9; id += 1) await relay.post(commentBody(`${id}`));
		await pollUntil('three requests', () => n8n.received.length === 3);
		await pollUntil('all deliveries', () => {
			for (const give of answers.splice(0)) give();
			return n8n.received.length === 9;
		});
		expect(n8n.mostUnderWay()).toBe(3);
	});

	test('gets no more requests a second than its rate', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({
			subscribers: [{ id: 'n8n', url: n8n.url, ratePerSecond: 10, concurrency: 20 }],
		});
		const startedAt = performance.now();
		for (let id = 0; id < 20; id += 1) await relay.post(commentBody(`${id}`));
		await pollUntil('all deliveries', () => n8n.received.length === 20);
		expect(performance.now() - startedAt).toBeGreaterThan(900);
	});

	test('that asks for order gets the events of an account one by one, failures included', async () => {
		let request = 0;
		const n8n = await startFaultSubscriber((response, incoming, json) => {
			request += 1;
			(request % 3 === 0 ? BEHAVIOURS.failing : BEHAVIOURS.ok)(response, incoming, json);
		});
		const relay = await startTestRelay({
			subscribers: [{ id: 'n8n', url: n8n.url, order: 'account', concurrency: 10, retry }],
		});
		const ids = Array.from({ length: 12 }, (_, id) => `${id}`);
		await relay.post({
			object: 'instagram',
			entry: [{ id: '7', changes: ids.map((id) => ({ field: 'comments', value: { id } })) }],
		});
		await pollUntil(
			'all deliveries',
			async () => (await relay.api('deliveries?state=delivered')).json.rows.length === 12,
		);
		const arrived = commentIds(n8n.received).filter((id, index, all) => all.indexOf(id) === index);
		expect(arrived).toEqual(ids);
	});

	test('gets a best-effort copy at its test URL, also while its production URL is down', async () => {
		const [production, testUrl] = [await startFaultSubscriber(BEHAVIOURS.notRegistered), await startFaultSubscriber()];
		const relay = await startTestRelay({
			subscribers: [
				{ id: 'n8n', url: production.url, testUrl: testUrl.url, secret: SECRET, match: { fields: ['comments'] } },
			],
		});
		await relay.post(commentBody('1'));
		await pollUntil('the copy', () => testUrl.received.length === 1);
		const [copy] = testUrl.received;
		expect(
			verifyStandardWebhook({
				headers: copy?.headers ?? {},
				body: copy?.body ?? '',
				secrets: [SECRET],
				now: new Date(),
			}).valid,
		).toBe(true);
		testUrl.behave(BEHAVIOURS.notRegistered);
		await relay.post(commentBody('2'));
		await pollUntil('the second copy', () => testUrl.received.length === 2);
		expect((await relay.api('deliveries')).json.rows).toHaveLength(2);
	});
});

describe('the subscribers file', () => {
	test('is taken up when it changes, without losing a delivery', async () => {
		const [before, after] = [await startFaultSubscriber(BEHAVIOURS.failing), await startFaultSubscriber()];
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: before.url, retry: { delays: ['1h'] } }] });
		await relay.post(commentBody('1'));
		await pollUntil('the first attempt', () => before.received.length === 1);
		await relay.post(commentBody('2'));
		relay.writeSubscribers([{ id: 'n8n', url: after.url }]);
		await pollUntil('the reload', () => relay.lines.some((line) => line.includes('subscribers reloaded')));
		await relay.post(commentBody('3'));
		await pollUntil('the delivery to the new URL', () => after.received.length >= 1);
		const { pending } = (await relay.api('totals')).json;
		const delivered = (await relay.api('deliveries?state=delivered')).json.rows.length;
		expect(pending + delivered).toBe(3);
	});

	test('with problems changes nothing, and reports every problem without a secret', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		relay.writeSubscribers([
			{ id: 'n8n', url: 'ftp://x', mode: 'both' },
			{ id: 'n8n', url: n8n.url, secret: 'my-secret' },
		]);
		const line = await pollUntil('the refusal', () => relay.lines.find((text) => text.includes('not usable')));
		expect(JSON.parse(line).problems).toEqual([
			expect.stringContaining('subscriber "n8n", url'),
			expect.stringContaining('subscriber "n8n", mode'),
			expect.stringContaining('more than once'),
			expect.stringContaining('whsec_'),
		]);
		expect(line).not.toContain('my-secret');
		await relay.post(commentBody('1'));
		await pollUntil('the delivery to the old URL', () => n8n.received.length === 1);
	});
});
