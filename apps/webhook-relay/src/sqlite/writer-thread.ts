// The entry of the thread that writes: every change of the store goes through here, in shared transactions.

import { parentPort, workerData } from 'node:worker_threads';
import { eventIds } from '../relay/event.ts';
import type { RoutedSubscriber } from '../relay/store.ts';
import { prepareAppend } from './append-receipts.ts';
import { prepareClaim } from './claim-deliveries.ts';
import { prepareSubscribers } from './keep-subscribers.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { preparePrune } from './prune-rows.ts';
import { prepareRecognition } from './recognise-events.ts';
import { prepareReplay } from './replay-deliveries.ts';
import { prepareRoom } from './room.ts';
import { type Operation, runTurn } from './run-turn.ts';
import { servePort } from './serve-port.ts';
import { prepareSettle } from './settle-attempts.ts';
import type { ThreadSettings, WriteOperations } from './thread-protocol.ts';

/** What answers nothing may return anything: the caller never sees it. */
type Handlers = {
	[Name in keyof WriteOperations]: (
		argument: WriteOperations[Name][0],
	) => WriteOperations[Name][1] extends undefined ? unknown : WriteOperations[Name][1];
};

if (parentPort !== null) {
	const settings = workerData as ThreadSettings;
	const database = openDatabase(settings);
	if (settings.readOnly !== true) migrate(database);
	const handlers = prepareHandlers(database, settings) as Record<string, Operation>;
	servePort(
		parentPort,
		(requests) => runTurn(database, handlers, requests),
		() => database.close(),
	);
}

function prepareHandlers(
	database: ReturnType<typeof openDatabase>,
	{ dedupMs, maxMegabytes }: ThreadSettings,
): Handlers {
	const recognise = prepareRecognition(database, { dedupMs });
	const checkRoom = prepareRoom(database, { limited: maxMegabytes !== undefined });
	const append = prepareAppend(database, { recognise, checkRoom, newEventId: eventIds() });
	const prune = preparePrune(database);
	const settle = prepareSettle(database);
	const subscribers = prepareSubscribers(database);
	const probe = database.prepare('INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at');
	let rules: readonly RoutedSubscriber[] = [];
	return {
		append: (receipts) => append(receipts, rules),
		route: ({ subscribers: routed, list }) => {
			// A relay routes before it listens: what was seen is read now, and not at the first event.
			recognise.catchUp();
			subscribers.route(routed, list);
			rules = routed;
		},
		lastList: () => subscribers.lastList(),
		claim: prepareClaim(database),
		settle: (settlements) => settlements.forEach(settle),
		releaseLeases: ({ holder, now }) => subscribers.releaseLeases(holder, now),
		replay: prepareReplay(database),
		pause: ({ subscriberId, ...pause }) => subscribers.pause(subscriberId, pause),
		resume: (subscriberId) => subscribers.resume(subscriberId),
		prune: (request) => {
			const step = prune(request);
			if (step.keys > 0) recognise.forgetRemoved();
			return step;
		},
		check: (now) => probe.run(now),
	};
}
