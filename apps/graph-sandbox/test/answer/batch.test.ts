import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile();
const ROOT = 'graph.facebook.com/v25.0/';

type Item = {
	readonly code: number;
	readonly headers?: readonly { name: string; value: string }[];
	readonly body: string;
} | null;

async function batch(
	urls: readonly string[],
	extra: Record<string, string> = {},
	token = 'EAA-sandbox-large',
): Promise<Item[]> {
	const items = urls.map((relative_url) => ({ method: 'GET', relative_url }));
	const reply = await ask(ROOT, token, { form: { batch: JSON.stringify(items), ...extra } });
	return JSON.parse(reply.text) as Item[];
}

const media = (count: number) =>
	sandbox()
		.world.account('large')
		.media()
		.filter((item) => item.productType === 'REELS')
		.slice(0, count);

describe('answerBatch', () => {
	test('answers in the order asked, each body as text', async () => {
		const reels = media(3);
		const answers = await batch(reels.map((item) => `${item.id}/insights?metric=reach`));
		expect(answers.map((answer) => answer?.code)).toEqual([200, 200, 200]);
		const bodies = answers.map((answer) => JSON.parse(answer?.body ?? '') as { data: { id: string }[] });
		expect(bodies.map((body) => body.data[0]?.id)).toEqual(reels.map((item) => `${item.id}/insights/reach/lifetime`));
	});

	test('lets one bad item fail alone', async () => {
		const [reel] = media(1);
		const answers = await batch([`${reel?.id}/insights?metric=follows`, `${reel?.id}/insights?metric=reach`]);
		expect(answers.map((answer) => answer?.code)).toEqual([400, 200]);
		expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({ error: { code: 100 } });
	});

	test('counts each item as a call and the envelope as one request', async () => {
		sandbox().resetRequests();
		await batch(media(5).map((item) => `${item.id}?fields=id`));
		expect(sandbox().counts()).toMatchObject({ httpRequests: 1, metaCalls: 5 });
		expect(sandbox().requests()[0]?.batch).toHaveLength(5);
	});

	test('sends headers with each item unless asked not to', async () => {
		const [reel] = media(1);
		const withHeaders = await batch([`${reel?.id}`]);
		const without = await batch([`${reel?.id}`], { include_headers: 'false' });
		expect(withHeaders[0]?.headers).toContainEqual({ name: 'facebook-api-version', value: 'v25.0' });
		expect(without[0]?.headers).toBeUndefined();
	});

	test('accepts fifty items and refuses fifty-one', async () => {
		const [reel] = media(1);
		const fifty = Array.from({ length: 50 }, () => `${reel?.id}?fields=id`);
		expect(await batch(fifty)).toHaveLength(50);
		const items = [...fifty, 'me'].map((relative_url) => ({ method: 'GET', relative_url }));
		const reply = await ask(ROOT, 'EAA-sandbox-large', { form: { batch: JSON.stringify(items) } });
		expect(reply.status).toBe(400);
		expect(reply.body.error?.message).toContain('Maximum batch size is 50');
	});

	test('reads a version and a token of an item', async () => {
		const [answer] = await batch(['/v24.0/me?fields=name&access_token=EAA-sandbox-bakery-page']);
		expect(JSON.parse(answer?.body ?? '')).toEqual({ name: 'Casa Canela', id: '10209411860111' });
		expect(answer?.headers).toContainEqual({ name: 'facebook-api-version', value: 'v24.0' });
	});

	test('uses the proof of the envelope for its own token only', async () => {
		const proof = createHmac('sha256', APPS.facebook.secret).update('EAA-sandbox-large').digest('hex');
		const answers = await batch(['me?fields=id', 'me?fields=id&access_token=EAA-sandbox-bakery-page'], {
			appsecret_proof: proof,
		});
		expect(answers.map((answer) => answer?.code)).toEqual([200, 200]);
		const [enforced] = await batch(['me?fields=id&access_token=EAA-sandbox-bakery-app'], { appsecret_proof: proof });
		expect(JSON.parse(enforced?.body ?? '')).toMatchObject({
			error: { code: 100, message: 'API calls from the server require an appsecret_proof argument' },
		});
	});

	test('does not answer a batch inside a batch', async () => {
		const inner = encodeURIComponent('[{"method":"GET","relative_url":"me"}]');
		const items = [{ method: 'POST', relative_url: '', body: `batch=${inner}` }];
		const reply = await ask(ROOT, 'EAA-sandbox-large', { form: { batch: JSON.stringify(items) } });
		expect((JSON.parse(reply.text) as Item[])[0]?.code).toBe(400);
	});

	test('leaves items null when the scenario says so', async () => {
		sandbox().setScenario({ scenario: 'null-batch-items*1' });
		const urls = media(4).map((item) => `${item.id}?fields=id`);
		expect((await batch(urls)).map((answer) => answer === null)).toEqual([false, true, false, false]);
		expect((await batch(urls)).every((answer) => answer !== null)).toBe(true);
	});

	test('refuses what is not a list', async () => {
		const reply = await ask(ROOT, 'EAA-sandbox-large', { form: { batch: '{}' } });
		expect(reply.body.error?.code).toBe(100);
	});

	test('is unknown to the Instagram host', async () => {
		const reply = await ask('graph.instagram.com/v25.0/', 'IGAA-sandbox-large', {
			form: { batch: '[{"method":"GET","relative_url":"me"}]' },
		});
		expect(reply.body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});
});
