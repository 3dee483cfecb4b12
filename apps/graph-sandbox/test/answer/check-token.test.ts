import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import { ask as askUrl, sandboxForFile } from '../ask.ts';

const { ask, sandbox, clock } = sandboxForFile();
const ME = 'graph.instagram.com/v25.0/me';
const ACCOUNT = 'graph.facebook.com/v25.0/17841401714833111?fields=username';

describe('checkToken', () => {
	test('reads the token from the Authorization header or from the query, and logs which', async () => {
		sandbox().resetRequests();
		await ask(`${ME}?fields=username`, 'IGAA-sandbox-bakery');
		await ask(`${ME}?fields=username&access_token=IGAA-sandbox-bakery`);
		expect(
			sandbox()
				.requests()
				.map((entry) => [entry.tokenFrom, entry.status, entry.token]),
		).toEqual([
			['header', 200, 'IGAA-sandbox-bakery'],
			['query', 200, 'IGAA-sandbox-bakery'],
		]);
		expect(sandbox().requests()[1]?.query).toEqual({ fields: 'username' });
	});

	test('answers a token of the other host exactly like garbage', async () => {
		const wrongHost = await ask(ME, 'EAA-sandbox-bakery');
		const garbage = await ask(ME, 'rubbish');
		const facebook = await ask(ACCOUNT, 'IGAA-sandbox-bakery');
		expect(wrongHost.body.error).toMatchObject({
			code: 190,
			type: 'OAuthException',
			message: 'Invalid OAuth access token - Cannot parse access token',
		});
		expect({ ...garbage.body.error, fbtrace_id: '' }).toEqual({ ...wrongHost.body.error, fbtrace_id: '' });
		expect(facebook.body.error?.code).toBe(190);
	});

	test('never writes a token it does not know into the log', async () => {
		sandbox().resetRequests();
		await ask(ME, 'IGQ-somebodys-real-token');
		expect(JSON.stringify(sandbox().requests())).not.toContain('somebodys');
		expect(sandbox().requests()[0]?.token).toBe('unknown');
	});

	test.each([
		['expired', 463],
		['app-removed', 458],
		['checkpoint', 459],
		['password-changed', 460],
		['unconfirmed', 464],
		['invalid', 467],
		['role-lost', 492],
	])('answers 190 with its subcode for a token that is %s', async (variant, subcode) => {
		const { body, headers } = await ask(ACCOUNT, `EAA-sandbox-bakery-${variant}`);
		expect(body.error).toMatchObject({ code: 190, error_subcode: subcode, type: 'OAuthException' });
		expect(headers.get('www-authenticate')).toContain('invalid_token');
	});

	test('lets a token end while the sandbox runs', async () => {
		expect((await ask(ME, 'IGAA-sandbox-bakery-due')).status).toBe(200);
		clock.pass(6 * 86_400_000);
		expect((await ask(ME, 'IGAA-sandbox-bakery-due')).body.error?.error_subcode).toBe(463);
	});

	test('asks for a token when there is none', async () => {
		expect((await ask(ME)).body.error?.code).toBe(2500);
	});

	test('demands the proof where the app enforces it, and checks it wherever it is sent', async () => {
		const proof = (token: string, secret: string) => createHmac('sha256', secret).update(token).digest('hex');
		const enforced = 'EAA-sandbox-bakery-app';
		expect((await ask(ACCOUNT, enforced)).body.error).toMatchObject({
			code: 100,
			type: 'GraphMethodException',
			message: 'API calls from the server require an appsecret_proof argument',
		});
		expect((await ask(`${ACCOUNT}&appsecret_proof=${proof(enforced, APPS.enforcing.secret)}`, enforced)).status).toBe(
			200,
		);
		const free = 'EAA-sandbox-bakery';
		expect((await ask(`${ACCOUNT}&appsecret_proof=${proof(free, APPS.facebook.secret)}`, free)).status).toBe(200);
		expect((await ask(`${ACCOUNT}&appsecret_proof=${proof(free, 'guess')}`, free)).body.error?.message).toBe(
			'Invalid appsecret_proof provided in the API argument',
		);
	});

	test('answers the retired multi-read with a misleading server error, on both hosts and any version', async () => {
		for (const [host, type] of [
			['graph.instagram.com', 'IGApiException'],
			['graph.facebook.com', 'OAuthException'],
		] as const) {
			const reply = await askUrl(`${sandbox().url}/${host}/v21.0/?ids=1,2&fields=id`, 'IGAA-sandbox-bakery');
			expect(reply.status).toBe(500);
			expect(reply.body.error).toMatchObject({
				code: 100,
				type,
				message: 'The ids query parameter is deprecated in v26.0+',
			});
		}
	});
});
