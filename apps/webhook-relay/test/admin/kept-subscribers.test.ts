import { describe, expect, test } from 'vitest';
import { BEHAVIOURS, startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { commentBody, startTestRelay } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A relay with no subscribers file at all. */
const WITHOUT_FILE = { environment: { RELAY_SUBSCRIBERS: '' } };
const URL = 'http://127.0.0.1:9/webhook/a-path-nobody-guesses/webhook';

describe('a subscriber added by the admin API', () => {
	test('receives events from then on, signed with a secret that is shown once', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay(WITHOUT_FILE);
		const { status, json } = await relay.api('subscribers', { id: 'comments', url: n8n.url });
		expect({ status, json }).toEqual({
			status: 201,
			json: { added: 'comments', secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) },
		});
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', () => n8n.received.length === 1);
		expect(n8n.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
		const shown = JSON.stringify([(await relay.api('subscribers')).json, (await relay.api('overview')).json]);
		expect(shown).toContain('"comments"');
		expect(shown).not.toContain(String(Object(json).secret).slice(6));
	});

	test('survives a restart without a file', async () => {
		const n8n = await startFaultSubscriber();
		const folder = temporaryFolder();
		const first = await startTestRelay({ ...WITHOUT_FILE, folder });
		await first.api('subscribers', { id: 'kept', url: n8n.url, match: { fields: ['comments'] } });
		await first.stop();
		const second = await startTestRelay({ ...WITHOUT_FILE, folder });
		await second.post(commentBody('1'));
		await pollUntil('the delivery', () => n8n.received.length === 1);
	});

	test.each([
		[{ url: 'n8n' }, /^url: must be a URL/],
		[{ url: 'ftp://n8n/x' }, /^url: must begin with http/],
		[{ id: 'with space' }, /^id: must be 1 to 64 letters/],
		[{ secret: 'short' }, /^secret: must be whsec_/],
		[{ secret: { env: 'HOME' } }, /^secret: must be a string/],
		[{ headers: { 'x-key': { file: '/etc/hostname' } } }, /^headers\.x-key: must be a string/],
		[{ match: { field: ['comments'] } }, /^match: "field" is not a known setting/],
		[{ colour: 'red' }, /"colour" is not a known setting/],
	])('is validated like an entry of the file: %j', async (settings, problem) => {
		const relay = await startTestRelay(WITHOUT_FILE);
		const { status, json } = await relay.api('subscribers', { id: 'n8n', url: URL, ...settings });
		expect([status, json.problems]).toEqual([400, [expect.stringMatching(problem)]]);
		expect((await relay.api('subscribers')).json.rows).toEqual([]);
	});

	test('can be changed one setting at a time, but keeps its name', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay(WITHOUT_FILE);
		await relay.api('subscribers', { id: 'n8n', url: URL, match: { fields: ['messages'] } });
		expect((await relay.api('subscribers/n8n', { url: 'n8n' }, 'PATCH')).status).toBe(400);
		expect((await relay.api('subscribers/n8n', { id: 'other' }, 'PATCH')).json.problems[0]).toMatch(
			/^id: cannot be changed/,
		);
		expect((await relay.api('subscribers/none', { url: n8n.url }, 'PATCH')).status).toBe(404);
		await relay.api('subscribers/n8n', { url: n8n.url, match: null }, 'PATCH');
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', () => n8n.received.length === 1);
		expect(n8n.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
	});

	test('is removed with or without its waiting deliveries', async () => {
		const relay = await startTestRelay(WITHOUT_FILE);
		for (const id of ['keep', 'drop']) {
			await relay.api('subscribers', { id, url: URL });
			await relay.api(`subscribers/${id}/pause`, {});
		}
		await relay.post(commentBody('1'));
		expect((await relay.api('subscribers/keep', {}, 'DELETE')).json).toEqual({ removed: 'keep', dropped: 0 });
		expect((await relay.api('subscribers/drop', { waiting: 'drop' }, 'DELETE')).json).toEqual({
			removed: 'drop',
			dropped: 1,
		});
		expect((await relay.api('subscribers')).json.rows).toMatchObject([
			{ subscriberId: 'keep', known: false, pending: 1 },
		]);
		await relay.post(commentBody('2'));
		expect((await relay.api('totals')).json.pending).toBe(1);
		// Back again, it gets what waited, also when it was paused before.
		const n8n = await startFaultSubscriber();
		await relay.api('subscribers', { id: 'keep', url: n8n.url });
		await pollUntil('the delivery', () => n8n.received.length === 1);
	});

	test('signs with the new and the previous secret after a change', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay(WITHOUT_FILE);
		await relay.api('subscribers', { id: 'n8n', url: n8n.url });
		expect((await relay.api('subscribers/n8n/secret', {})).json).toEqual({
			changed: 'n8n',
			secret: expect.stringMatching(/^whsec_/),
		});
		await relay.api('subscribers/n8n/test', {});
		expect(n8n.received[0]?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
	});

	test('is added once when two requests add the same name at the same moment', async () => {
		const relay = await startTestRelay(WITHOUT_FILE);
		const urls = ['http://127.0.0.1:9/one', 'http://127.0.0.1:9/two'];
		const answers = await Promise.all(urls.map((url) => relay.api('subscribers', { id: 'n8n', url })));
		expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
		const winner = urls[answers.findIndex(({ status }) => status === 201)];
		const loser = answers.find(({ status }) => status === 409);
		expect(loser?.json.problems).toEqual(['id: "n8n" is taken; choose another name']);
		expect((await relay.api('subscribers')).json.rows).toMatchObject([{ settings: { address: winner } }]);
	});

	test('is not changed by a form that was opened before another change', async () => {
		const relay = await startTestRelay(WITHOUT_FILE);
		await relay.api('subscribers', { id: 'n8n', url: URL });
		const revision = async () => (await relay.api('subscribers')).json.rows[0]?.settings.revision;
		const [opened, match] = [await revision(), { fields: ['comments'] }];
		expect((await relay.api('subscribers/n8n', { revision: opened, match }, 'PATCH')).status).toBe(200);
		const late = await relay.api('subscribers/n8n', { revision: opened, match: null }, 'PATCH');
		const problem = '"n8n" was changed in the meantime: reload it, then make your change again';
		expect([late.status, late.json.problems]).toEqual([409, [problem]]);
		expect((await relay.api('subscribers')).json.rows).toMatchObject([{ settings: { fields: ['comments'] } }]);
		const again = { revision: await revision(), match: null };
		expect((await relay.api('subscribers/n8n', again, 'PATCH')).status).toBe(200);
	});

	test('keeps every change that was answered 200 when several arrive at the same moment', async () => {
		const relay = await startTestRelay(WITHOUT_FILE);
		await relay.api('subscribers', { id: 'n8n', url: URL });
		const changes = [{ concurrency: 7 }, { ratePerSecond: 7 }, { timeoutMs: 700 }, { success: 'status' }];
		const answers = await Promise.all(changes.map((change) => relay.api('subscribers/n8n', change, 'PATCH')));
		const kept = changes.filter((_, index) => answers[index]?.status === 200);
		expect(kept).not.toEqual([]);
		expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
		const [row] = (await relay.api('subscribers')).json.rows;
		expect(row?.settings).toMatchObject(Object.assign({}, ...kept));
	});

	test('works beside subscribers of the file, which only the file can change', async () => {
		const relay = await startTestRelay({ subscribers: [{ id: 'file', url: URL }] });
		await relay.api('subscribers', { id: 'added', url: URL });
		expect((await relay.api('subscribers')).json.rows).toMatchObject([
			{ subscriberId: 'added', isInFile: false },
			{ subscriberId: 'file', isInFile: true },
		]);
		expect((await relay.api('subscribers', { id: 'file', url: URL })).status).toBe(409);
		expect((await relay.api('subscribers', { id: 'added', url: URL })).status).toBe(409);
		for (const [path, method] of [
			['subscribers/file', 'PATCH'],
			['subscribers/file', 'DELETE'],
			['subscribers/file/secret', 'POST'],
		] as const) {
			const { status, json } = await relay.api(path, {}, method);
			expect([status, json.problems]).toEqual([409, ['"file" is in the subscribers file: change it there']]);
		}
		relay.writeSubscribers([]);
		await expect
			.poll(async () => (await relay.api('subscribers')).json.rows.map(({ subscriberId }) => subscriberId))
			.toEqual(['added']);
	});
});

describe('a test event', () => {
	test('is sent at once, signed and marked as a sample, and reports the answer', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay(WITHOUT_FILE);
		await relay.api('subscribers', { id: 'n8n', url: n8n.url, match: { fields: ['mentions'], accounts: ['7'] } });
		expect((await relay.api('subscribers/n8n/test', {})).json).toMatchObject({
			...{ delivered: true, status: 200, reason: 'ok', field: 'mentions', advice: null },
			answer: expect.any(String),
		});
		expect(n8n.received).toHaveLength(1);
		expect(JSON.parse(n8n.received[0]?.body ?? '')).toMatchObject({
			type: 'instagram.mentions',
			data: { account_id: '0', sample: true, value: { media_id: expect.any(String) } },
		});
		expect((await relay.api('totals')).json).toMatchObject({ events: 0, pending: 0 });
	});

	test('says what to do when the event did not arrive', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.notRegistered);
		const relay = await startTestRelay(WITHOUT_FILE);
		await relay.api('subscribers', { id: 'n8n', url: n8n.url });
		expect((await relay.api('subscribers/n8n/test', {})).json).toMatchObject({
			...{ delivered: false, status: 404, reason: 'n8n-not-registered' },
			advice: expect.stringContaining('Publish the workflow'),
		});
	});

	test('follows the address policy of deliveries', async () => {
		const relay = await startTestRelay(WITHOUT_FILE);
		await relay.api('subscribers', { id: 'cloud', url: 'http://169.254.169.254/latest' });
		expect((await relay.api('subscribers/cloud/test', {})).json).toMatchObject({
			...{ delivered: false, status: null, reason: 'forbidden-address' },
		});
	});

	test('cannot be sent in mode passthrough, because Meta signs those deliveries', async () => {
		const relay = await startTestRelay({ subscribers: [{ id: 'direct', url: URL, mode: 'passthrough' }] });
		const { status, json } = await relay.api('subscribers/direct/test', {});
		expect([status, json.problems[0]]).toEqual([409, expect.stringContaining('send-test')]);
		expect((await relay.api('subscribers/none/test', {})).status).toBe(404);
	});
});
