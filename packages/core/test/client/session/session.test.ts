import { describe, expect, test } from 'vitest';
import { z } from 'zod/v4';
import {
	type AskOptions,
	createSession,
	type RequestInfo,
	type SessionOptions,
} from '../../../src/client/session/session.ts';
import { type ManualClock, manualClock, type ScriptedAnswer, scriptedTransport } from '../../../src/testing/index.ts';

const start = '2026-11-23T20:00:00.000Z';
const ok = { body: { data: [] } };
const graphError = (status: number, error: object, headers = {}): ScriptedAnswer => ({
	status,
	headers,
	body: { error },
});
const transient = graphError(500, { code: 2, message: 'An unexpected error has occurred.', is_transient: true });
const limited = graphError(
	400,
	{ code: 80002, message: 'There have been too many calls to this Instagram account.' },
	{ 'x-business-use-case-usage': '{"1":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":17}]}' },
);
const request = { method: 'GET', path: '/me/insights', query: { metric: 'reach' } } as const;
const Answer = z.object({ data: z.array(z.unknown()) });

function stand(script: Parameters<typeof scriptedTransport>[0], options: Partial<SessionOptions> = {}) {
	const transport = scriptedTransport(script);
	const clock: ManualClock = manualClock(start, { passing: 'by-itself' });
	const infos: RequestInfo[] = [];
	const session = createSession({
		host: 'graph.instagram.com',
		transport,
		clock,
		graphVersion: 'v25.0',
		random: () => 0,
		patienceMs: 0,
		maxAttempts: 3,
		onRequest: (info) => infos.push(info),
		...options,
	});
	const ask = (more: Partial<AskOptions> = {}) =>
		session.ask(request, Answer, { what: 'insights of account me', ...more });
	return { transport, clock, infos, session, ask };
}

describe('createSession', () => {
	test('sends the request to its host with the version, and reads the answer', async () => {
		const { ask, transport } = stand([ok]);
		expect((await ask()).data).toEqual({ data: [] });
		expect(transport.requests).toEqual([{ ...request, host: 'graph.instagram.com', version: 'v25.0' }]);
	});

	test('retries temporary errors, with a growing pause', async () => {
		const { ask, clock, infos, session } = stand([transient, transient, ok]);
		await ask();
		expect(clock.sleeps).toEqual([250, 500]);
		expect(infos.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
		expect(session.usage()).toEqual({ httpRequests: 3, metaCalls: 3 });
	});

	test('gives up after the maximum number of attempts, with the last error', async () => {
		const { ask, transport } = stand([transient, transient, transient]);
		await expect(ask()).rejects.toMatchObject({ kind: 'transient', graph: { code: 2 } });
		expect(transport.requests).toHaveLength(3);
	});

	test('sends the request about ids= once, although the status is 500', async () => {
		const { ask, transport } = stand([
			graphError(500, { code: 100, message: 'The ids query parameter is deprecated in v26.0+' }),
		]);
		await expect(ask()).rejects.toMatchObject({ kind: 'invalid-query' });
		expect(transport.requests).toHaveLength(1);
	});

	test('retries once if an answer is cut off', async () => {
		const { ask, transport } = stand([{ body: '{"data":[{"na' }, ok]);
		await ask();
		expect(transport.requests).toHaveLength(2);
	});

	test('retries after a broken connection', async () => {
		const { ask, transport } = stand([new Error('socket hang up'), ok]);
		await ask();
		expect(transport.requests).toHaveLength(2);
	});

	test('names the code of a broken connection, not its message', async () => {
		const broken = () =>
			Object.assign(new Error('GET https://graph.instagram.com/me?access_token=IGAAsecretsecret failed'), {
				code: 'ECONNRESET',
			});
		const { ask } = stand([broken(), broken(), broken()]);
		await expect(ask()).rejects.toMatchObject({
			kind: 'network',
			message: 'insights of account me: no answer from graph.instagram.com (ECONNRESET)',
		});
	});

	test('keeps only name and code of other errors', async () => {
		const fault = () => Object.assign(new TypeError('fetch of zq7tokenofnolook failed'), { code: 'ECONNRESET' });
		const { ask } = stand([fault()], { maxAttempts: 1 });
		const error = await ask().catch((caught: unknown) => caught);
		expect(error).toMatchObject({ cause: { name: 'TypeError', message: 'ECONNRESET', code: 'ECONNRESET' } });
		expect(String((error as Error & { cause: Error }).cause.stack)).not.toContain('zq7tokenofnolook');
	});

	test('does not wait for a transport that ignores the signal', async () => {
		const stop = new AbortController();
		const deaf = { send: () => new Promise<never>(() => {}) };
		const { ask } = stand([], { transport: deaf });
		const asked = ask({ signal: stop.signal });
		await Promise.resolve();
		stop.abort();
		await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
	});

	describe('if Meta asks for a long pause', () => {
		const later = { status: 503, headers: { 'retry-after': '3600' }, body: 'x' };
		const hours = (count: number) => count * 3_600_000;

		test('throws with the time to retry if the caller has no patience', async () => {
			const { ask, clock, transport } = stand([later]);
			await expect(ask()).rejects.toMatchObject({ kind: 'transient', retryAfterMs: hours(1) });
			expect(clock.sleeps).toEqual([]);
			expect(transport.requests).toHaveLength(1);
		});

		test('does not wait longer in total than the patience', async () => {
			const { ask, clock } = stand([later, later], { patienceMs: hours(1.5) });
			await expect(ask()).rejects.toMatchObject({ kind: 'transient', retryAfterMs: hours(1) });
			expect(clock.sleeps).toEqual([hours(1)]);
		});
	});

	describe('with a call limit', () => {
		test('throws at once with the time to retry if the caller has no patience', async () => {
			const { ask, transport } = stand([limited]);
			await expect(ask()).rejects.toMatchObject({
				kind: 'rate-limit',
				retryAfterMs: 17 * 60_000,
				message: "insights of account me: Meta's call limit is used up until about 2026-11-23 20:17 UTC",
				graph: { code: 80002 },
			});
			expect(transport.requests).toHaveLength(1);
		});

		test('sends nothing more until then', async () => {
			const { ask, transport } = stand([limited]);
			await expect(ask()).rejects.toMatchObject({ kind: 'rate-limit' });
			await expect(ask()).rejects.toMatchObject({ kind: 'rate-limit', retryAfterMs: 17 * 60_000 });
			expect(transport.requests).toHaveLength(1);
		});

		test('waits as long as Meta says if the caller has the patience', async () => {
			const { ask, clock } = stand([limited, ok], { patienceMs: 20 * 60_000 });
			await ask();
			expect(clock.sleeps).toEqual([17 * 60_000]);
		});

		test('does not wait longer in total than the patience', async () => {
			const { ask, clock } = stand([limited, limited, ok], { patienceMs: 20 * 60_000 });
			await expect(ask()).rejects.toMatchObject({ kind: 'rate-limit' });
			expect(clock.sleeps).toEqual([17 * 60_000]);
		});

		test('stops before a refusal if an answer says that the limit is used up', async () => {
			const headers = {
				'x-business-use-case-usage':
					'{"1":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":5}]}',
			};
			const { ask, transport } = stand([{ ...ok, headers }]);
			await ask();
			await expect(ask()).rejects.toMatchObject({ kind: 'rate-limit', retryAfterMs: 5 * 60_000 });
			expect(transport.requests).toHaveLength(1);
		});

		test('slows down before the limit', async () => {
			const headers = { 'x-app-usage': '{"call_count":90,"total_cputime":1,"total_time":1}' };
			const { ask, clock } = stand([{ ...ok, headers }, { ...ok, headers }, ok]);
			await ask();
			await ask();
			await ask();
			expect(clock.sleeps).toEqual([2500]);
		});
	});

	describe('with a signal', () => {
		test('sends nothing if it is aborted before', async () => {
			const { ask, transport } = stand([ok]);
			await expect(ask({ signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' });
			expect(transport.requests).toHaveLength(0);
		});

		test('stops a running request', async () => {
			const aborter = new AbortController();
			const { ask } = stand(() => {
				aborter.abort();
				return new DOMException('aborted', 'AbortError');
			});
			await expect(ask({ signal: aborter.signal })).rejects.toMatchObject({ kind: 'cancelled' });
		});

		test('stops the pause between two attempts', async () => {
			const aborter = new AbortController();
			const { ask, clock, transport } = stand([transient, ok], { clock: manualClock(start) });
			const asking = ask({ signal: aborter.signal });
			const stopped = expect(asking).rejects.toMatchObject({ kind: 'cancelled' });
			while (transport.requests.length === 0) await Promise.resolve();
			await Promise.resolve();
			aborter.abort();
			await stopped;
			expect(clock.sleeps).toEqual([]);
			expect(transport.requests).toHaveLength(1);
		});
	});

	test('counts the items of a batch as calls', async () => {
		const { ask, session, infos } = stand([ok]);
		await ask({ metaCalls: 50 });
		expect(session.usage()).toEqual({ httpRequests: 1, metaCalls: 50 });
		expect(infos).toEqual([
			{ method: 'GET', host: 'graph.instagram.com', path: '/me/insights', attempt: 1, metaCalls: 50 },
		]);
	});
});
