import { hostname } from 'node:os';
import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import { adminRoutes } from '../admin/admin-routes.ts';
import { dashboardRoutes } from '../admin/dashboard-routes.ts';
import { healthRoutes } from '../admin/health-routes.ts';
import { startHousekeeping } from '../admin/housekeeping.ts';
import { logAttempt } from '../admin/log-attempt.ts';
import { receiveLog, reportToAll, storeFields } from '../admin/receive-log.ts';
import { createMetrics } from '../admin/relay-metrics.ts';
import { followSubscribers } from '../admin/subscriber-source.ts';
import { createTestCopies } from '../admin/test-copies.ts';
import { createHostLookup } from '../guard/host-lookup.ts';
import { createApp } from '../relay/app.ts';
import { startDispatcher } from '../relay/dispatcher.ts';
import { routingRule } from '../relay/fan-out.ts';
import { createHttpSender } from '../relay/http-sender.ts';
import { serveHttp } from '../relay/http-server.ts';
import { StoreError } from '../relay/store-error.ts';
import { revisionOf } from '../relay/subscriber-revision.ts';
import { openTracing } from '../trace/open-tracing.ts';
import { type Config, ConfigError } from './config.ts';
import { leaseHolder, openStore } from './open-store.ts';

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
 * @throws {ConfigError} the subscribers file is not usable, or the port is taken; nothing is left running
 * @throws {StoreError} the store cannot be opened
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
	const stops: Stops = [];
	try {
		return await start(options, stops);
	} catch (error) {
		for (const stop of stops) await stop().catch(() => {});
		throw error;
	}
}

/** What ends each part that was started, the last one first. */
type Stops = (() => Promise<unknown>)[];

async function start(options: RelayOptions, stops: Stops): Promise<Relay> {
	const { config, environment, clock, random, log, onLost } = options;
	const replica = `${hostname()}:${config.port}`;
	const store = await openStore(config.store, {
		dedupMs: config.dedupMs,
		maxMegabytes: config.storeMaxMegabytes,
		replica,
		as: 'relay',
	});
	stops.unshift(() => store.close());
	const holder = leaseHolder(config.store);
	store.onLost(onLost);
	const now = () => clock.now().getTime();
	const metrics = createMetrics(store.browse, now);
	const sending = { policy: { allowPrivate: config.allowPrivate }, lookupHost: createHostLookup(now) };
	let draining = false;
	let drainEndsAt = 0;

	const tracing = await openTracing(config.traces, { clock, log, instance: replica });
	stops.unshift(() => tracing.stop(flushPatience(drainEndsAt - now())));
	await store.releaseLeases(holder, now());
	const dispatcher = startDispatcher({
		store,
		clock,
		random,
		holder,
		createSender: ({ concurrency }) => createHttpSender({ ...sending, connections: concurrency }),
		tracing,
		onAttempt: (report) => {
			metrics.attempt(report);
			logAttempt(log, report);
		},
		onStoreError: (error) =>
			log.error(
				storeFields(error),
				error instanceof StoreError
					? 'store refused, deliveries wait'
					: 'delivery failed, due again when its lease ends',
			),
	});
	stops.unshift(() => {
		drainEndsAt = now() + config.drainMs;
		return dispatcher.stop(config.drainMs);
	});
	const subscribers = await followSubscribers({
		path: config.subscribersPath,
		environment,
		clock,
		log,
		async use(list) {
			await store.route(list.map((subscriber) => ({ ...routingRule(subscriber), revision: revisionOf(subscriber) })));
			dispatcher.use(list);
		},
	});
	stops.unshift(() => subscribers.close());
	const testSender = createHttpSender({ ...sending, connections: 10 });
	stops.unshift(() => testSender.close());
	const testCopies = createTestCopies({ browse: store.browse, sender: testSender, clock });

	const received = receiveLog(log, clock);
	stops.unshift(async () => received.close());
	const { adminToken, silenceMs } = config;
	const app = createApp({
		store,
		secrets: config.appSecrets,
		acceptSha1: config.acceptSha1,
		verifyToken: config.verifyToken,
		bodyLimitBytes: config.bodyLimitBytes,
		bodiesHeldBytes: config.bodiesHeldBytes,
		now,
		reporter: reportToAll([metrics, received]),
		tracing,
		onStored: ({ stored }) => testCopies.send(stored, subscribers.current()),
		operate: [
			healthRoutes({ store, registry: metrics.registry, isDraining: () => draining }),
			...(adminToken === undefined
				? []
				: [adminRoutes({ store, adminToken, subscribers: subscribers.current, silenceMs, now }), dashboardRoutes()]),
		],
		onError: (error) => log.error(storeFields(error), 'request failed'),
	});
	const server = await serveHttp(app, config).catch((error: unknown) => explainListening(error, config));
	stops.unshift(() => server.close());
	const housekeeping = startHousekeeping({
		...{ store, clock, log, silenceMs, retentionMs: config.retentionMs, dedupMs: config.dedupMs },
		knownSubscribers: () => subscribers.current().map(({ id }) => id),
	});

	stops.unshift(() => housekeeping.stop());
	if (adminToken !== undefined && adminToken.length < 16) {
		log.warn('RELAY_ADMIN_TOKEN is short: whoever guesses it reads every event. Use 16 letters or more');
	}

	return {
		url: server.url,
		async stop() {
			draining = true;
			// One that fails must not keep the next ones from ending, the store last of all.
			const failed: unknown[] = [];
			for (const stop of stops) await stop().catch((error) => failed.push(error));
			if (failed.length > 0) throw failed[0];
		},
	};
}

/** The last traces get what deliveries left of the drain time, but not for long: the collector may be gone. */
function flushPatience(drainLeftMs: number): number {
	return Math.min(5000, Math.max(1000, drainLeftMs));
}

/** The mistakes a person can mend, in words; anything else as it came. */
function explainListening(error: unknown, { host, port }: Config): never {
	const code = error instanceof Error && 'code' in error ? error.code : null;
	if (code === 'EADDRINUSE') {
		throw new ConfigError([`RELAY_PORT: ${port} on ${host} is taken; end what listens there, or choose another port`]);
	}
	if (code === 'EADDRNOTAVAIL') throw new ConfigError([`RELAY_HOST: ${host} is no address of this machine`]);
	if (code === 'EACCES')
		throw new ConfigError([`RELAY_PORT: ${port} may not be used by this user; take one above 1023`]);
	throw error;
}
