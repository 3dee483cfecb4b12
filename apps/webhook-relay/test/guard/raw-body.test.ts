import { type ClientRequest, request } from 'node:http';
import express from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { rawBody } from '../../src/guard/raw-body.ts';
import { pollUntil } from '../poll-until.ts';
import { serveOnLoopback } from '../serve-on-loopback.ts';

const [KB, MB] = [1024, 1024 * 1024];

/** Bodies up to 1 MB, 4 MB of them at once; time stands still until it is turned. */
async function startServer() {
	let [nowMs, full, heldNow] = [0, 0, 0];
	const onRefused = () => {
		full += 1;
	};
	const turn = (ms: number) => {
		nowMs += ms;
	};
	const app = express();
	const handler = rawBody({ limitBytes: MB, heldBytes: 4 * MB, onRefused, now: () => nowMs });
	app.use((incoming, _response, next) => {
		incoming.on('data', (chunk: Buffer) => {
			heldNow += chunk.length;
		});
		next();
	});
	app.post('/', handler, (incoming, response) => void response.send(String(incoming.body.length)));
	const { url } = await serveOnLoopback(app);
	/** Send so much of a body and keep the rest back. */
	async function upload(bytes: number): Promise<{ status: () => number | undefined; sending: ClientRequest }> {
		const before = heldNow;
		let status: number | undefined;
		const sending = request(url, { method: 'POST' }, (response) => {
			status = response.statusCode;
			response.resume();
		});
		sending.on('error', () => {});
		onTestFinished(() => void sending.destroy());
		sending.write(Buffer.alloc(bytes));
		await pollUntil('the bytes', () => heldNow - before >= bytes);
		return { status: () => status, sending };
	}
	const post = async (bytes: number) => (await fetch(url, { method: 'POST', body: Buffer.alloc(bytes) })).status;
	return { upload, post, full: () => full, turn };
}

describe('rawBody', () => {
	test('keeps a quarter of the room for small bodies', async () => {
		const { upload, post } = await startServer();
		for (let count = 0; count < 3; count += 1) await upload(1000 * KB);
		expect(await post(1000 * KB)).toBe(503);
		for (let count = 0; count < 10; count += 1) expect(await post(60 * KB)).toBe(200);
	});

	test('gives the place of a slow body to one that needs it, the slowest first', async () => {
		const { upload, post, turn, full } = await startServer();
		const [slowest, slow] = [await upload(1000 * KB), await upload(1000 * KB)];
		turn(500);
		const quick = await upload(1000 * KB);
		turn(600);
		expect(await post(900 * KB)).toBe(200);
		await pollUntil('the refusal', () => slowest.status() === 503);
		expect([slow.status(), quick.status(), full()]).toEqual([undefined, undefined, 1]);
	});

	test('takes small bodies from Meta while hundreds of others arrive slowly', async () => {
		const { upload, post, turn } = await startServer();
		for (let count = 0; count < 64; count += 1) await upload(60 * KB);
		turn(1000);
		for (let count = 0; count < 40; count += 1) expect(await post(30 * KB)).toBe(200);
	});

	test('takes no place from a body that has just begun', async () => {
		const { upload, post, turn } = await startServer();
		const begun = [await upload(1000 * KB), await upload(1000 * KB), await upload(1000 * KB)];
		turn(999);
		expect(await post(1000 * KB)).toBe(503);
		expect(begun.map(({ status }) => status())).toEqual([undefined, undefined, undefined]);
	});

	test('frees the place of a sender that went away', async () => {
		const { upload, post } = await startServer();
		const gone = [await upload(1000 * KB), await upload(1000 * KB), await upload(1000 * KB)];
		for (const { sending } of gone) sending.destroy();
		await expect.poll(() => post(1000 * KB)).toBe(200);
	});
});
