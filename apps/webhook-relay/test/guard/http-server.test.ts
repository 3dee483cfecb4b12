import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpServerOptions } from '../../src/guard/http-server.ts';
import { serveHttp } from '../../src/guard/http-server.ts';

const options = { host: '127.0.0.1', port: 0, maxConnections: 10 };

async function serve(changes: Partial<HttpServerOptions> = {}, answer = () => {}) {
	const server = await serveHttp(
		(request, response) => {
			request.resume();
			request.on('end', () => {
				answer();
				response.end('ok');
			});
		},
		{ ...options, ...changes },
	);
	let closed: Promise<void> | null = null;
	const close = () => {
		closed ??= server.close();
		return closed;
	};
	onTestFinished(close);
	const open = () => {
		const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
		socket.on('error', () => {});
		onTestFinished(() => void socket.destroy());
		let text = '';
		socket.on('data', (chunk) => {
			text += chunk;
		});
		return { socket, text: () => text };
	};
	return { url: server.url, close, open };
}

describe('serveHttp', () => {
	test('ends a connection that sends its head too slowly', async () => {
		const { open } = await serve({ headersTimeoutMs: 200 });
		const { socket, text } = open();
		socket.write('POST / HTTP/1.1\r\nhost: x\r\n');
		await once(socket, 'close');
		expect(text()).toContain('408');
	});

	test('ends a connection that sends its body too slowly', async () => {
		const { open } = await serve({ headersTimeoutMs: 200, requestTimeoutMs: 300 });
		const { socket, text } = open();
		socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc');
		await once(socket, 'close');
		expect(text()).toContain('408');
	});

	test('refuses a head of more than 16 kB', async () => {
		const { open } = await serve();
		const { socket, text } = open();
		socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`);
		await once(socket, 'close');
		expect(text()).toContain('431');
	});

	test('takes no more connections than allowed', async () => {
		const { open } = await serve({ maxConnections: 1 });
		const [first, second] = [open(), open()];
		await Promise.race([once(first.socket, 'close'), once(second.socket, 'close')]);
		expect([first, second].filter(({ socket }) => !socket.destroyed)).toHaveLength(1);
	});

	test.each([
		['nothing', ''],
		['half a head', 'POST / HTTP/1.1\r\nhost: x\r\n'],
		['half a body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc'],
	])('closes after its grace though a connection has sent %s', async (_what, bytes) => {
		const { open, close, url } = await serve({ closeGraceMs: 200 });
		const { socket } = open();
		await once(socket, 'connect');
		socket.write(bytes);
		await expect.poll(async () => (await fetch(url)).status).toBe(200);
		await close();
	});

	test('answers a request that was under way when it was asked to close', async () => {
		const { open, close, url } = await serve();
		const { socket, text } = open();
		socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\na');
		await expect.poll(async () => (await fetch(url)).status).toBe(200);
		const gone = once(socket, 'close');
		const closed = close();
		socket.write('bc');
		await Promise.all([closed, gone]);
		expect(text()).toContain('200 OK');
		await expect(fetch(url)).rejects.toThrow();
	});
});
