import { hostname } from 'node:os';
import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import { adminRoutes } from '../admin/admin-routes.ts';
import { dashboardRoutes } from '../admin/dashboard-routes.ts';
import { healthRoutes } from '../admin/health-routes.ts';
import { startHousekeeping } from '../admin/housekeeping.ts';
import { logObserver } from '../admin/log-observer.ts';
import { createMetrics } from '../admin/relay-metrics.ts';
import { testCopies } from '../admin/test-copies.ts';
import { guardedConnect } from '../guard/guarded-connect.ts';
import { type HttpServer, serveHttp } from '../guard/http-server.ts';
import { rawBody } from '../guard/raw-body.ts';
import { createSender } from '../relay/send.ts';
import { startPromise } from '../relay/start.ts';
import type { Tracing, TracingOptions } from '../trace/otlp/otlp-tracing.ts';
import { type Config, ConfigError } from './config.ts';
import { followSubscribers, type SubscriberSource } from './follow-subscribers.ts';
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
 * kept and routed. This is the one place that names what is optional.
 *
 * @throws {ConfigError} the port is taken; nothing is left running
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
	const { config, environment, clock, random, log } = options;
	const now = () => clock.now().getTime();
	const replica = `${hostname()}:${config.port}`;
	const { dedupMs, storeMaxMegabytes: maxMegabytes, silenceMs, retentionMs, adminToken } = config;
	const store = await openStore(config.store, {
		dedupMs,
		maxMegabytes,
		replica,
		as: 'relay',
		warn: (line) => log.warn(line),
	});
	stops.unshift(() => store.close());
	store.onLost(options.onLost);
	let draining = false;
	let drainEndsAt = 0;

	const tracing = await openTracing(config, { clock, log, instance: replica });
	// The last traces get what deliveries left of the drain time, but not for long: the collector may be gone.
	stops.unshift(async () => tracing?.stop(Math.min(5000, Math.max(1000, drainEndsAt - now()))));
	const logged = logObserver(log, clock);
	stops.unshift(async () => logged.close());
	const metrics = createMetrics(store.browse, now);
	const connect = guardedConnect({ allowPrivate: config.allowPrivate, now });
	const testSender = createSender({ connections: 10, connect });
	stops.unshift(() => testSender.close());

	let source: SubscriberSource | null = null;
	const subscribers = () => source?.current() ?? [];
	const copies = testCopies({ browse: store.browse, sender: testSender, clock, subscribers });
	const observers = [metrics, logged, copies, ...(tracing === null ? [] : [tracing])];
	const see = (reason: 'busy' | 'connections') =>
		observers.forEach((observer) => void observer.see({ kind: 'turned-away', reason }));
	const admin =
		adminToken === undefined
			? []
			: [adminRoutes({ store, adminToken, subscribers, silenceMs, now }), dashboardRoutes()];
	const { bodyLimitBytes: limitBytes, bodiesHeldBytes: heldBytes } = config;
	const relay = await startPromise({
		...{ store, clock, random, observers, holder: leaseHolder(config.store) },
		createSender: ({ concurrency }) => createSender({ connections: concurrency, connect }),
		...{ verifyToken: config.verifyToken, secrets: config.appSecrets, acceptSha1: config.acceptSha1 },
		maxAgeMs: config.maxAgeMs,
		readBody: rawBody({ limitBytes, heldBytes, onFull: () => see('busy') }),
		more: [healthRoutes({ store, registry: metrics.registry, isDraining: () => draining }), ...admin],
		basePath: config.basePath,
	});
	stops.unshift(() => {
		drainEndsAt = now() + config.drainMs;
		return relay.stop(config.drainMs);
	});
	source = await followSubscribers({
		...{ path: config.subscribersPath, environment, clock, log },
		use: relay.use,
		lastList: () => store.lastList(),
	});
	stops.unshift(() => source?.close() ?? Promise.resolve());
	const server: HttpServer = await serveHttp(relay.app, { ...config, onDropped: () => see('connections') }).catch(
		(error) => explainListening(error, config),
	);
	stops.unshift(() => server.close());
	const knownSubscribers = () => source?.known() ?? [];
	const housekeeping = startHousekeeping({ store, clock, log, silenceMs, retentionMs, dedupMs, knownSubscribers });
	stops.unshift(() => housekeeping.stop());
	if (adminToken !== undefined && adminToken.length < 16) {
		log.warn('RELAY_ADMIN_TOKEN is short: anyone who guesses it reads every event. Use 16 letters or more');
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

/** OpenTelemetry is loaded only where it is wanted: it takes 0.1 s and 27 MB. */
async function openTracing({ traces }: Config, options: TracingOptions): Promise<Tracing | null> {
	if (traces === null) return null;
	const { startOtlpTracing } = await import('../trace/otlp/otlp-tracing.ts');
	return startOtlpTracing(traces, options);
}

/** The mistakes a person can correct, in words; anything else as it came. */
function explainListening(error: unknown, { host, port }: Config): never {
	const code = error instanceof Error && 'code' in error ? error.code : null;
	if (code === 'EADDRINUSE') {
		throw new ConfigError([`RELAY_PORT: ${port} on ${host} is taken; end what listens there, or choose another port`]);
	}
	if (code === 'EADDRNOTAVAIL') {
		throw new ConfigError([`RELAY_HOST: this machine does not have the address ${host}; use 127.0.0.1 or 0.0.0.0`]);
	}
	if (code === 'EACCES') {
		throw new ConfigError([`RELAY_PORT: this user may not use port ${port}; choose one above 1023`]);
	}
	throw error;
}
