import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Run `work` while no other process of this machine runs work under the same name.
 *
 * The lock is a socket on which its holder listens: the system frees it when the holder ends, however it ends.
 *
 * @template T
 * @param {string} name such as the path of what is made
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
	const id = `instagram-insights-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
	const file = path.join(tmpdir(), id);
	const address = process.platform === 'linux' ? `\0${id}` : file;
	/** @type {Set<import('node:net').Socket>} */
	const waiting = new Set();
	const server = createServer((socket) => {
		waiting.add(socket.on('error', () => {}));
		socket.write(`${process.pid}`);
	});
	for (let isFirst = true; ; isFirst = false) {
		const taken = await once(server.listen(address), 'listening').then(
			() => undefined,
			(error) => error,
		);
		if (!taken) break;
		if (taken.code !== 'EADDRINUSE') throw taken;
		const holder = connect(address).resume();
		if (isFirst) holder.on('data', (pid) => console.log(`Waiting for process ${pid}, which does the same work.`));
		// No process listens: where a socket is a file, its holder crashed and left it behind.
		holder.on('error', () => address === file && rmSync(file, { force: true }));
		await new Promise((resolve) => holder.once('close', resolve));
	}
	try {
		return await work();
	} finally {
		server.close();
		for (const socket of waiting) socket.destroy();
	}
}
