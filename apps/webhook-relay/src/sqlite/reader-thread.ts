// The entry of the thread that reads for people, on a connection of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { prepareBrowse } from './browse-rows.ts';
import { openDatabase } from './open-database.ts';
import { type Operation, refusal } from './run-turn.ts';
import { servePort } from './serve-port.ts';
import type { ThreadSettings } from './thread-protocol.ts';

if (parentPort !== null) {
	const { path, busyTimeoutMs } = workerData as ThreadSettings;
	const database = openDatabase({ path, busyTimeoutMs, readOnly: true });
	const operations = prepareBrowse(database) as Record<string, Operation>;
	servePort(
		parentPort,
		(requests) => ({
			commitMs: 0,
			answers: requests.map(({ id, operation, argument }) => {
				try {
					return { id, ok: true, result: operations[operation]?.(argument as never) };
				} catch (error) {
					return refusal(id, error);
				}
			}),
		}),
		() => database.close(),
	);
}
