import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: no connection can take one before its server listens. */
const [LOWEST, HIGHEST] = [15_000, 30_000];
const TRIES = 100;

/**
 * A port that is free at this moment.
 *
 * @throws {Error} none was found
 */
export async function freePort(): Promise<number> {
	for (let time = 0; time < TRIES; time += 1) {
		const port = randomInt(LOWEST, HIGHEST);
		if (!(await isTaken(port))) return port;
	}
	throw new Error(`no free port between ${LOWEST} and ${HIGHEST} in ${TRIES} tries`);
}

/** Whether a program already listens on the port. */
export function isTaken(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(true));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
	});
}
