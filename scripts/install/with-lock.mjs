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
	const address = addressOf(name);
	/** @type {Set<import('node:net').Socket>} */
	const waiting = new Set();
	const server = createServer(
		(socket) => waiting.add(socket.on('error', () => {})).size && socket.write(`${process.pid}`),
	);
	for (let isFirst = true; !(await listens(server, address)); isFirst = false) await untilFree(address, isFirst);
	try {
		return await work();
	} finally {
		server.close();
		for (const socket of waiting) socket.destroy();
	}
}

/** @param {string} name */
function addressOf(name) {
	const id = `instagram-insights-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
	if (process.platform === 'linux') return `\0${id}`;
	return process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : path.join(tmpdir(), id);
}

/**
 * @param {import('node:net').Server} server
 * @param {string} address
 * @returns {Promise<boolean>} false when another process listens there
 */
async function listens(server, address) {
	try {
		await once(server.listen(address), 'listening');
		return true;
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE') return false;
		throw error;
	}
}

/**
 * @param {string} address
 * @param {boolean} saysSo
 */
async function untilFree(address, saysSo) {
	const holder = connect(address);
	holder.on('data', (pid) => {
		if (saysSo) console.log(`Waiting for another start of this project (process ${pid}) to finish the same work.`);
	});
	// No process listens: where a socket is a file, its holder crashed and left it behind.
	holder.on('error', () => path.isAbsolute(address) && rmSync(address, { force: true }));
	await new Promise((resolve) => holder.once('close', resolve));
}
