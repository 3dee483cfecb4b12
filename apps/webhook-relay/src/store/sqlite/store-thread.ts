// The entry of the store's threads: one writer, one reader, each with a connection of its own.
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { eventIds } from '../../receive/event-id.ts';
import type { Receipt } from '../../receive/receipt.ts';
import type { RoutedSubscriber, Settlement } from '../event-store.ts';
import { prepareAppend } from './append-receipts.ts';
import { prepareBrowse } from './browse-rows.ts';
import { prepareClaim } from './claim-deliveries.ts';
import { prepareSubscribers } from './keep-subscribers.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { preparePrune } from './prune-rows.ts';
import { prepareReplay } from './replay-deliveries.ts';
import { type Operation, refusal, runTurn } from './run-turn.ts';
import { prepareSettle } from './settle-attempts.ts';
import type { ThreadRequest, ThreadSettings, ThreadTurn, WriteOperations } from './thread-protocol.ts';

/** What answers nothing may return anything: the caller never sees it. */
type Handlers = {
	[Name in keyof WriteOperations]: (
		argument: WriteOperations[Name][0],
	) => WriteOperations[Name][1] extends undefined ? unknown : WriteOperations[Name][1];
};

if (parentPort !== null) serve(parentPort, workerData as ThreadSettings);

function serve(port: MessagePort, settings: ThreadSettings): void {
	const isWriter = settings.kind === 'writer';
	const database = openDatabase(isWriter ? settings : { ...settings, readOnly: true });
	if (isWriter && settings.readOnly !== true) migrate(database);
	const run = isWriter ? writer(database, settings) : reader(database);

	port.on('message', (first: ThreadRequest | 'close') => {
		const requests: ThreadRequest[] = [];
		let closing = false;
		// Everything that came while the last turn was being synced joins this one.
		for (let message: ThreadRequest | 'close' | undefined = first; message !== undefined; message = nextMessage(port)) {
			if (message === 'close') closing = true;
			else requests.push(message);
		}
		if (requests.length > 0) port.postMessage(run(requests));
		if (closing) {
			database.close();
			port.close();
		}
	});
	port.postMessage('ready');
}

function nextMessage(port: MessagePort): ThreadRequest | 'close' | undefined {
	return receiveMessageOnPort(port)?.message;
}

function writer(database: ReturnType<typeof openDatabase>, { dedupMs }: ThreadSettings) {
	const append = prepareAppend(database, { dedupMs, newEventId: eventIds() });
	const claim = prepareClaim(database);
	const settle = prepareSettle(database);
	const subscribers = prepareSubscribers(database);
	const replay = prepareReplay(database);
	const prune = preparePrune(database);
	const probe = database.prepare('INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at');
	let rules: readonly RoutedSubscriber[] = [];
	const handlers: Handlers = {
		append: (receipts: readonly Receipt[]) => receipts.map((receipt) => append(receipt, rules)),
		route: (routed) => {
			subscribers.route(routed);
			rules = routed;
		},
		claim,
		settle: (settlements: readonly Settlement[]) => settlements.forEach(settle),
		releaseLeases: ({ holder, now }) => subscribers.releaseLeases(holder, now),
		replay,
		pause: ({ subscriberId, ...pause }) => subscribers.pause(subscriberId, pause),
		resume: (subscriberId) => subscribers.resume(subscriberId),
		prune,
		check: (now) => {
			probe.run(now);
		},
	};
	return (requests: readonly ThreadRequest[]) => runTurn(database, handlers as Record<string, Operation>, requests);
}

function reader(database: ReturnType<typeof openDatabase>) {
	const operations = prepareBrowse(database) as Record<string, Operation>;
	return (requests: readonly ThreadRequest[]): ThreadTurn => {
		const answers = requests.map(({ id, operation, argument }) => {
			try {
				return { id, ok: true as const, result: operations[operation]?.(argument as never) };
			} catch (error) {
				return refusal(id, error);
			}
		});
		return { answers, commitMs: 0 };
	};
}
