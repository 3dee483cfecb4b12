import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { ThreadRequest, ThreadTurn } from './thread-protocol.ts';

/** What the owner of a thread sends it. */
export type ThreadMessage = ThreadRequest | 'close';

/**
 * Serve a thread's requests in turns: everything that came while the last turn ran joins the next one.
 *
 * @param run answers all requests of a turn
 * @param close called when the owner asked for the end, after the last turn
 */
export function servePort(
	port: MessagePort,
	run: (requests: readonly ThreadRequest[]) => ThreadTurn,
	close: () => void,
): void {
	port.on('message', (first: ThreadMessage) => {
		const messages: ThreadMessage[] = [first];
		for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
			messages.push(next.message);
		}
		const requests = messages.filter((message) => message !== 'close');
		if (requests.length > 0) port.postMessage(run(requests));
		if (requests.length === messages.length) return;
		close();
		port.close();
	});
	port.postMessage('ready');
}
