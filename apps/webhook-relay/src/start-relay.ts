import { hostname } from 'node:os';
import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { startDispatcher } from './dispatch/dispatcher.ts';
import { routingRule } from './dispatch/fan-out.ts';
import { createHttpSender } from './dispatch/http-sender.ts';
import { logAttempt } from './dispatch/log-attempt.ts';
import { revisionOf } from './dispatch/subscriber-revision.ts';
import { followSubscribers } from './dispatch/subscriber-source.ts';
import { createTestCopies } from './dispatch/test-copies.ts';
import { serveHttp } from './http-server.ts';
import { adminRoutes } from './operate/admin-routes.ts';
import { dashboardRoutes } from './operate/dashboard-routes.ts';
import { healthRoutes } from './operate/health-routes.ts';
import { startHousekeeping } from './operate/housekeeping.ts';
import { receiveLog, reportToAll, storeFields } from './operate/receive-log.ts';
import { createMetrics } from './operate/relay-metrics.ts';
import { leaseHolder, openStore } from './store/open-store.ts';

export type Relay = {
	/** where it listens, such as http://127.0.0.1:8787 */
	readonly url: string;
	/** Drain: no new connections, no 200 without a commit, what is under way ends. */
	stop(): Promise<void>;
};

export type RelayOptions = {
	readonly config: Config;
	/** where the subscribers file's `{ "env": … }` look */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly clock: Clock;
	/** uniform in [0, 1) */
	readonly random: () => number;
	readonly log: Logger;
	/** called when the store is lost for good: the process should end */
	readonly onLost: (error: Error) => void;
};

/**
 * Start the relay: store, deliveries, subscribers, and the HTTP side last, so that nothing is received before it can be
 * kept and routed.
 *
 * @throws {ConfigError} the subscribers file is not usable
 * @throws {StoreError} the store cannot be opened
 */
export async function startRelay({ config, environment, clock, random, log, onLost }: RelayOptions): Promise<Relay> {
	const store = await openStore(config.store, {
		dedupMs: config.dedupMs,
		maxMegabytes: config.storeMaxMegabytes,
		replica: `${hostname()}:${config.port}`,
	});
	const holder = leaseHolder(config.store);
	store.onLost(onLost);
	const now = () => clock.now().getTime();
	const metrics = createMetrics(store.browse, now);
	const policy = { allowPrivate: config.allowPrivate };
	let draining = false;

	await store.releaseLeases(holder, now());
	const dispatcher = startDispatcher({
		store,
		clock,
		random,
		holder,
		createSender: ({ concurrency }) => createHttpSender({ policy, connections: concurrency }),
		onAttempt: (report) => {
			metrics.attempt(report);
			logAttempt(log, report);
		},
		onStoreError: (error) => log.error(storeFields(error), 'store refused, deliveries wait'),
	});
	const subscribers = await followSubscribers({
		path: config.subscribersPath,
		environment,
		log,
		async use(list) {
			await store.route(list.map((subscriber) => ({ ...routingRule(subscriber), revision: revisionOf(subscriber) })));
			dispatcher.use(list);
		},
	});
	const testSender = createHttpSender({ policy, connections: 10 });
	const testCopies = createTestCopies({ browse: store.browse, sender: testSender, clock });

	const { adminToken, silenceMs } = config;
	const app = createApp({
		store,
		secrets: config.appSecrets,
		acceptSha1: config.acceptSha1,
		verifyToken: config.verifyToken,
		bodyLimitBytes: config.bodyLimitBytes,
		now,
		reporter: reportToAll([metrics, receiveLog(log)]),
		onStored: ({ stored }) => testCopies.send(stored, subscribers.current()),
		operate: [
			healthRoutes({ store, registry: metrics.registry, isDraining: () => draining }),
			...(adminToken === undefined
				? []
				: [adminRoutes({ store, adminToken, subscribers: subscribers.current, silenceMs, now }), dashboardRoutes()]),
		],
		onError: (error) => log.error(storeFields(error), 'request failed'),
	});
	const server = await serveHttp(app, config);
	const housekeeping = startHousekeeping({
		...{ store, clock, log, silenceMs, retentionMs: config.retentionMs, dedupMs: config.dedupMs },
		knownSubscribers: () => subscribers.current().map(({ id }) => id),
	});

	return {
		url: server.url,
		async stop() {
			draining = true;
			subscribers.close();
			await server.close();
			await housekeeping.stop();
			await dispatcher.stop(config.drainMs);
			await testSender.close();
			await store.close();
		},
	};
}
