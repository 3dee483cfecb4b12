import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { WEBHOOK_FIELDS } from '@instagram-insights/core/webhook';
import { APPS, startSandbox } from '@instagram-insights/graph-sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../../src/cli/cli.ts';
import type { Config } from '../../src/cli/config.ts';
import { checkClock } from '../../src/cli/doctor/check-network.ts';
import { sampleWebhooks } from '../../src/cli/send-test.ts';
import { BEHAVIOURS, startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { runCommand as run } from '../run-command.ts';
import { serveOnLoopback } from '../serve-on-loopback.ts';
import { APP_SECRET, commentBody, startTestRelay } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PAGE = '10209411860111';

/** A relay and a Meta that know each other as after a careful set-up; `environment` is the operator's. */
async function startWorld(changes: { subscribers?: readonly object[]; behaviour?: keyof typeof BEHAVIOURS } = {}) {
	const n8n = await startFaultSubscriber(BEHAVIOURS[changes.behaviour ?? 'ok']);
	const sandbox = await startSandbox({ port: 0 });
	onTestFinished(() => sandbox.stop());
	const folder = temporaryFolder();
	const secrets = `instagram:${APPS.instagram.secret},facebook:${APPS.facebook.secret}`;
	const subscribers = changes.subscribers ?? [
		{ id: 'n8n', url: n8n.url, match: { fields: ['comments'] }, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
	];
	const relay = await startTestRelay({ folder, subscribers, environment: { META_APP_SECRETS: secrets } });
	const environment = {
		RELAY_PORT: new URL(relay.url).port,
		RELAY_STORE: `sqlite:${join(folder, 'relay.db')}`,
		RELAY_SUBSCRIBERS: join(folder, 'subscribers.json'),
		RELAY_PUBLIC_URL: relay.url,
		META_VERIFY_TOKEN: 'fake-verify',
		META_APP_SECRETS: secrets,
		META_APP_ID: APPS.facebook.id,
		META_ACCOUNTS: `bakery:IGAA-sandbox-bakery,page@${PAGE}:EAA-sandbox-bakery-page`,
		META_INSTAGRAM_URL: `${sandbox.url}/graph.instagram.com`,
		META_FACEBOOK_URL: `${sandbox.url}/graph.facebook.com`,
	};
	return { n8n, relay, sandbox, folder, environment };
}

describe('doctor', () => {
	test('names each missing layer, and what to do', async () => {
		const { environment } = await startWorld();
		const { said, failed } = await run(['doctor'], environment);
		expect(failed).toBe(true);
		expect(said).toContain('✗ app callback: the app has no callback for instagram');
		expect(said).toContain('✗ account bakery: not subscribed to the app');
		expect(said).toContain('instagram-webhook-relay subscribe bakery');
		expect(said).toContain('✓ handshake');
	});

	test('says when the running relay cannot store webhooks', async () => {
		const { environment, relay, folder } = await startWorld();
		using other = new DatabaseSync(join(folder, 'relay.db'), { timeout: 10_000 });
		other.exec(
			"CREATE TRIGGER no_room BEFORE INSERT ON receipt WHEN length(NEW.body) > 5000 BEGIN SELECT RAISE(ABORT, 'no room'); END",
		);
		const lost = commentBody('1', { text: 'x'.repeat(9000) });
		expect((await relay.post(lost, { secret: APPS.instagram.secret })).status).toBe(503);
		const { said, failed } = await run(['doctor'], environment);
		expect(failed).toBe(true);
		expect(said).toContain('✗ running relay: does not store webhooks');
	});

	test('reports no problem after subscribe', async () => {
		const { environment } = await startWorld();
		await run(['subscribe', '--app', '--fields', 'comments,messages'], environment);
		await run(['subscribe', 'bakery'], environment);
		await run(['subscribe', 'page'], environment);
		const { said, failed } = await run(['doctor'], environment);
		expect(said).not.toContain('✗');
		expect(failed).toBe(false);
		expect(said).toContain('✓ app fields: comments, messages');
		expect(said).toContain('✓ account bakery: comments, messages');
		expect(said).toContain('✓ account page: feed');
		await run(['unsubscribe', 'bakery'], environment);
		expect((await run(['doctor'], environment)).said).toContain('✗ account bakery: not subscribed');
	});

	test('reports a field that a subscriber waits for but Meta does not send', async () => {
		const { environment } = await startWorld();
		await run(['subscribe', '--app', '--fields', 'messages'], environment);
		await run(['subscribe', 'bakery', '--fields', 'messages'], environment);
		const { said } = await run(['doctor'], environment);
		expect(said).toContain('✗ app fields: without comments');
		expect(said).toContain('! account bakery: subscribed, but not to comments');
		expect(said).toContain('--fields messages,comments');
	});

	test('reports a callback that points elsewhere', async () => {
		const { environment } = await startWorld();
		const other = await startWorld();
		await run(['subscribe', '--app'], { ...environment, RELAY_PUBLIC_URL: other.relay.url });
		const { said } = await run(['doctor'], environment);
		expect(said).toContain('✗ app callback: points to');
		expect(said).not.toContain('fake-verify');
	});

	test('reports a different verify token, and an address that does not answer', async () => {
		const { environment } = await startWorld();
		const token = await run(['doctor'], { ...environment, META_VERIFY_TOKEN: 'another' });
		expect(token.said).toContain('✗ handshake');
		expect(token.said).toContain('a different META_VERIFY_TOKEN');
		const gone = await serveOnLoopback(() => {});
		gone.stop();
		const nowhere = await run(['doctor'], { ...environment, RELAY_PUBLIC_URL: `${gone.url}/` });
		expect(nowhere.said).toContain('does not answer (ECONNREFUSED)');
	});

	test('recognises a server that accepts everything', async () => {
		const { url } = await serveOnLoopback((request, response) => {
			const { searchParams } = new URL(request.url ?? '', 'http://x');
			response.end(searchParams.get('hub.challenge') ?? 'ok');
		});
		const { environment } = await startWorld();
		const { said } = await run(['doctor'], { ...environment, RELAY_PUBLIC_URL: `${url}/` });
		expect(said).toContain('✗ wrong token: not refused');
		expect(said).toContain('✗ forged event: answered 200');
	});

	test('says what it needs for the checks it skipped', async () => {
		const { environment } = await startWorld();
		const { META_APP_ID: _app, META_ACCOUNTS: _accounts, RELAY_PUBLIC_URL: _url, ...less } = environment;
		const { said } = await run(['doctor'], less);
		expect(said).toMatch(/– handshake: not checked\n {4}→ Set RELAY_PUBLIC_URL/);
		expect(said).toMatch(/– app callback: not checked\n {4}→ Set META_APP_ID/);
		expect(said).toMatch(/– account subscriptions: not checked\n {4}→ Set META_ACCOUNTS/);
	});

	test("shows Meta's refusal without the token", async () => {
		const { environment } = await startWorld();
		const { said } = await run(['doctor'], { ...environment, META_ACCOUNTS: 'bakery:IGAA-sandbox-bakery-expired' });
		expect(said).toContain('✗ account bakery');
		expect(said).not.toContain('IGAA-sandbox-bakery-expired');
	});

	test('fails for paused, unreached and removed subscribers, dead deliveries and loose file modes', async () => {
		const { environment, relay, folder, n8n } = await startWorld({
			behaviour: 'tooLarge',
			subscribers: [
				{ id: 'n8n', url: 'http://127.0.0.1:9/x', match: { fields: ['messages'] } },
				{ id: 'dead', url: (await startFaultSubscriber(BEHAVIOURS.tooLarge)).url },
				{ id: 'gone', url: 'http://127.0.0.1:9/y' },
				{ id: 'resting', url: 'http://127.0.0.1:9/z', match: { fields: ['none'] } },
			],
		});
		expect(n8n.received).toEqual([]);
		await run(['send-test', '--shape', 'messages'], environment);
		await run(['pause', 'resting'], environment);
		await pollUntil('the dead delivery', async () => (await relay.api('totals')).json.dead === 1);
		await pollUntil('the failures', async () =>
			(await relay.api('subscribers')).json.rows.every(
				({ subscriberId, lastFailureReason }) => subscriberId === 'resting' || lastFailureReason !== null,
			),
		);
		relay.writeSubscribers([
			{ id: 'n8n', url: 'http://127.0.0.1:9/x' },
			{ id: 'dead', url: 'http://127.0.0.1:9/x' },
			{ id: 'resting', url: 'http://127.0.0.1:9/z' },
		]);
		await pollUntil('the new list', () => relay.lines.some((line) => line.includes('reloaded')));
		chmodSync(join(folder, 'relay.db'), 0o644);
		const { said, failed } = await run(['doctor'], environment);
		expect(failed).toBe(true);
		for (const check of ['unreached', 'dead', 'removed', 'paused', 'file modes'])
			expect(said).toContain(`✗ ${check}: `);
		expect((await run(['drop', 'n8n'], environment).catch((error) => error)).message).toContain(
			'is still a subscriber',
		);
		expect((await run(['redirect', 'gone', 'n8n'], environment)).said).toContain('Sent 1 delivery to n8n.');
		expect((await run(['drop', 'gone'], environment)).said).toContain('Dropped 0 deliveries');
		expect((await run(['doctor'], environment)).said).not.toContain('✗ removed');
	});

	test('includes subscribers that were added on the dashboard', async () => {
		const { relay, n8n, environment } = await startWorld({ subscribers: [] });
		const without = { ...environment, RELAY_SUBSCRIBERS: '' };
		const before = await run(['doctor'], without);
		expect(before.said).toContain('! subscribers: none\n    → Choose Add workflow on the dashboard');
		await relay.api('subscribers', { id: 'added', url: n8n.url, match: { fields: ['comments'] } });
		expect((await run(['doctor'], without)).said).toContain('✓ subscribers: added (event, signed)');
		await run(['send-test', '--shape', 'comments'], without);
		await pollUntil('the delivery', () => n8n.received.length === 1);
		const { said } = await run(['replay', '--subscriber', 'added', '--field', 'comments', '--yes'], without);
		expect(said).toContain('1 delivery queued for replay.');
		await pollUntil('the replay', () => n8n.received.length === 2);
	});

	test('names a clock that is off', async () => {
		const { sandbox } = await startWorld();
		const meta = {
			baseUrls: { 'graph.instagram.com': sandbox.url, 'graph.facebook.com': sandbox.url },
		} as Config['meta'];
		expect(await checkClock({ meta })).toMatchObject({ state: 'ok' });
		expect(await checkClock({ meta }, () => Date.now() - 180_000)).toMatchObject({
			state: 'failed',
			detail: expect.stringMatching(/^1(79|80|81) s behind Meta's$/),
		});
	});

	test('prints JSON', async () => {
		const { environment } = await startWorld();
		const { data } = await run(['doctor', '--json'], environment);
		expect(JSON.parse(data)).toContainEqual(expect.objectContaining({ check: 'store', state: 'ok' }));
	});
});

describe('send-test', () => {
	test('sends every shape, and the relay stores each as the right field', async () => {
		const { environment, relay } = await startWorld();
		const { said, failed } = await run(['send-test'], environment);
		expect(failed).toBe(false);
		expect(said).not.toContain('✗');
		const { rows } = (await relay.api('events?limit=100')).json;
		expect(rows).toHaveLength(sampleWebhooks({ account: '1', now: new Date(), unique: 'x' }).length);
		const withSample = Object.entries(WEBHOOK_FIELDS).flatMap(([field, { sample }]) => (sample === null ? [] : field));
		const stored = (rows as readonly unknown[] as readonly { field: string }[]).map(({ field }) => field);
		expect(stored.sort()).toEqual([...withSample, 'comments', 'messages', 'a_field_of_tomorrow'].sort());
	});

	test('sends no body that the relay takes for a repetition', async () => {
		const { environment, relay } = await startWorld();
		await run(['send-test', '--shape', 'comments'], environment);
		await run(['send-test', '--shape', 'comments'], environment);
		expect((await relay.api('totals')).json.events).toBe(2);
	});

	test('fails when the relay refuses', async () => {
		const { environment } = await startWorld();
		const { said, failed } = await run(['send-test', '--shape', 'comments'], {
			...environment,
			META_APP_SECRETS: 'other:fake',
		});
		expect(failed).toBe(true);
		expect(said).toContain('✗ comments: 401');
	});

	test('names the available shapes and secrets', async () => {
		const { environment } = await startWorld();
		await expect(run(['send-test', '--shape', 'likes'], environment)).rejects.toThrow(
			/--shape must be one of comments/,
		);
		const apps = { ...environment, META_APP_SECRETS: 'instagram:fake-ig,facebook:fake-fb' };
		await expect(run(['send-test', '--secret', 'whatsapp'], apps)).rejects.toThrow(
			'Unknown app secret "whatsapp". META_APP_SECRETS has: instagram, facebook',
		);
	});
});

describe('replay', () => {
	test('replays while the relay runs', async () => {
		const { environment, relay, n8n } = await startWorld();
		await run(['send-test', '--shape', 'comments'], environment);
		await pollUntil('the delivery', () => n8n.received.length === 1);
		await pollUntil('it to be settled', async () => (await relay.api('totals')).json.pending === 0);
		const { said } = await run(['replay', '--field', 'comments', '--subscriber', 'n8n'], environment);
		expect(said).toContain('1 delivery queued for replay.');
		await pollUntil('the second delivery', () => n8n.received.length === 2);
	});

	test('counts first, and searches by text', async () => {
		const { environment, relay, n8n } = await startWorld();
		await relay.post(commentBody('1', { text: 'Lindo! café?' }), { secret: APPS.instagram.secret });
		await pollUntil('it to be settled', async () => (await relay.api('totals')).json.pending === 0);
		expect((await run(['replay', '--search', 'CAFÉ', '--dry-run'], environment)).said).toContain(
			'1 delivery would be replayed.',
		);
		expect((await run(['replay', '--search', 'not there'], environment)).said).toContain(
			'0 deliveries queued for replay.',
		);
		expect(n8n.received).toHaveLength(1);
		await run(['replay', '--search', 'café', '--yes'], environment);
		await pollUntil('the replay', () => n8n.received.length === 2);
		expect(n8n.received[1]?.body).toContain('"replay":true');
	});

	test('warns before the question that a passthrough delivery carries no replay mark', async () => {
		const receiver = await startFaultSubscriber();
		const { environment, relay } = await startWorld({
			subscribers: [{ id: 'whole', url: receiver.url, mode: 'passthrough' }],
		});
		await run(['send-test', '--shape', 'comments'], environment);
		await pollUntil('it to be settled', async () => (await relay.api('totals')).json.pending === 0);
		const { said } = await run(['replay', '--field', 'comments', '--dry-run'], environment);
		expect(said).toMatch(/passthrough.*whole.*drops it as a duplicate/);
		expect((await run(['replay', '--state', 'dead', '--dry-run'], environment)).said).not.toContain('passthrough');
	});

	test('requires a filter and a known subscriber', async () => {
		const { environment } = await startWorld();
		await expect(run(['replay'], environment)).rejects.toThrow(/Say what to replay/);
		await expect(run(['replay', '--state', 'dead', '--subscriber', 'nobody'], environment)).rejects.toThrow(/nobody/);
		await expect(run(['replay', '--since', 'noonish'], environment)).rejects.toThrow(/Unix seconds/);
		const reversed = ['--since', '2026-01-02', '--until', '2026-01-01'];
		await expect(run(['replay', ...reversed], environment)).rejects.toThrow('--until must be later than --since');
		await expect(run(['export', ...reversed], environment)).rejects.toThrow('--until must be later than --since');
		for (const filter of ['--search', '--id', '--field', '--account', '--subscriber'])
			await expect(run(['replay', '--state', 'dead', filter, ''], environment)).rejects.toThrow(/is empty/);
		expect((await run(['replay', '--id', 'evt_unknown'], environment)).said).toContain('check the event IDs');
	});
});

describe('export', () => {
	test('writes stored events as JSON lines, oldest first, ids exact', async () => {
		const { environment, relay, folder } = await startWorld();
		for (const id of ['1', '2', '3']) await relay.post(commentBody(id), { secret: APPS.instagram.secret });
		await relay.post(
			`{"entry":[{"id":17841436214263005,"changes":[{"field":"new","value":{"id":17841436214263005}}]}]}`,
			{
				secret: APPS.instagram.secret,
			},
		);
		const { data } = await run(['export'], environment);
		const lines = data
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line));
		expect(data.match(/(?<="id":"?)\d+/g)).toEqual(['1', '2', '3', '17841436214263005']);
		expect(lines[3]).toMatchObject({ field: 'new', account_id: '17841436214263005', occurred_at: null });
		const out = join(folder, 'events.jsonl');
		const { said } = await run(['export', '--out', out, '--since', '2020-01-01'], environment);
		expect(readFileSync(out, 'utf8')).toBe(data);
		expect(said).toContain('4 of at most 4 events');
		expect((await run(['export', '--until', '2020-01-01'], environment)).data).toBe('');
	});
});

describe('every command', () => {
	test.each([
		{ args: ['export'] },
		{ args: ['replay', '--state', 'dead'] },
		{ args: ['pause', 'n8n'] },
		{ args: ['resume', 'n8n'] },
	])('$args makes no store where there is none', async ({ args }) => {
		const { environment, folder } = await startWorld();
		const path = join(folder, 'mistyped.db');
		const mistyped = { ...environment, RELAY_STORE: `sqlite:${path}` };
		await expect(run(args, mistyped)).rejects.toThrow(`there is no SQLite store at ${path}`);
		expect(existsSync(path)).toBe(false);
	});

	test('doctor creates no store', async () => {
		const { environment, folder } = await startWorld();
		const path = join(folder, 'mistyped.db');
		const { said } = await run(['doctor'], { ...environment, RELAY_STORE: `sqlite:${path}` });
		expect(said).toContain(`✗ store: there is no SQLite store at ${path}`);
		expect(existsSync(path)).toBe(false);
	});

	test('has a version', () => {
		const program = createProgram({}, { say: () => {}, data: new PassThrough(), fail: () => {} });
		expect(program.version()).toMatch(/^\d+\.\d+\.\d+/);
	});

	test('report all their problems at once, without values', async () => {
		const environment = {
			META_APP_SECRETS: `justasecret${APP_SECRET}`,
			RELAY_PORT: 'http',
		};
		const error: Error = await run(['start'], environment).catch((thrown) => thrown);
		for (const name of ['META_VERIFY_TOKEN', 'META_APP_SECRETS', 'RELAY_PORT']) {
			expect(error.message).toContain(name);
		}
		expect(error.message).not.toContain(APP_SECRET);
	});

	test('reads secrets from files', async () => {
		const { environment, folder } = await startWorld();
		const path = join(folder, 'secrets');
		writeFileSync(path, `${environment.META_APP_SECRETS}\n`);
		const { META_APP_SECRETS: _secrets, ...rest } = environment;
		const { failed } = await run(['send-test', '--shape', 'comments'], { ...rest, META_APP_SECRETS_FILE: path });
		expect(failed).toBe(false);
		await expect(run(['send-test'], { ...rest, META_APP_SECRETS_FILE: '/nowhere' })).rejects.toThrow(
			/META_APP_SECRETS_FILE/,
		);
	});
});
