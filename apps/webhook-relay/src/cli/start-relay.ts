import { hostname } from 'node:os';
import type { Clock } from '@instagram-insights/core';
import type { Traces, TracesOptions } from '@instagram-insights/relay-otlp';
import type { Logger } from 'pino';
import { keptSubscribers } from '../admin/kept-subscribers.ts';
import { logObserver } from '../admin/log-observer.ts';
import { openAdmin } from '../admin/open-admin.ts';
import { testCopies } from '../admin/test-events.ts';
import { guardedConnect } from '../guard/guarded-connect.ts';
import { type HttpServer, plainApp, serveHttp } from '../guard/http-server.ts';
import { rawBody } from '../guard/raw-body.ts';
import { refuseOlderThan, refuseUnsigned } from '../guard/unwanted.ts';
import type { Happening, Observer } from '../relay/observe.ts';
import { createSender } from '../relay/send.ts';
import { startCore } from '../relay/start.ts';
import { type Config, ConfigError, unknownSettings } from './config.ts';
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
	for (const name of unknownSettings(environment)) {
		log.warn({ name }, 'unknown setting, which has no effect; check its spelling in docs/relay/operations.md');
	}
	const store = await openStore(config.store, {
		dedupMs,
		maxMegabytes,
		replica,
		as: 'relay',
		warn: (line) => log.warn(line),
	});
	stops.unshift(() => store.close());
	let draining = false;
	let drainEndsAt = 0;

	const tracing = await openTracing(config, environment, { clock, log, instance: replica });
	// The last traces get the rest of the drain time, within limits: the collector may be gone.
	stops.unshift(async () => tracing?.stop(Math.min(5000, Math.max(1000, drainEndsAt - now()))));
	const logged = logObserver(log, clock);
	stops.unshift(async () => logged.close());
	const connect = guardedConnect({ allowPrivate: config.allowPrivate, now });
	const testSender = createSender(10, connect);
	stops.unshift(() => testSender.close());

	let source: SubscriberSource | null = null;
	const subscribers = () => source?.current() ?? [];
	const copies = testCopies({ browse: store.browse, sender: testSender, clock, subscribers });
	const see = (happening: Happening) => observers.forEach((observer) => void observer.see(happening));
	const admin = openAdmin({
		...{ store, clock, log, subscribers, see, adminToken, silenceMs, retentionMs, dedupMs, sender: testSender },
		isDraining: () => draining,
		knownSubscribers: () => source?.known() ?? [],
		idsInFile: () => source?.idsInFile() ?? [],
		refresh: () => source?.refresh() ?? Promise.resolve(),
		async identify() {
			if (config.meta.accounts.length === 0) return [];
			// Loaded here only: core's client takes 10 MB, and most relays never ask Graph.
			const { createMetaSubscriptions } = await import('../admin/meta-subscriptions.ts');
			const meta = createMetaSubscriptions(config.meta, clock);
			return meta.identify(config.meta.accounts).finally(() => meta.close());
		},
		secretNames: config.appSecrets.map(({ name }) => name),
		maxBytes: maxMegabytes === undefined ? null : maxMegabytes * 1024 * 1024,
	});
	stops.unshift(() => admin.stop());
	const observers: readonly Observer[] = [...admin.observers, logged, copies, ...(tracing === null ? [] : [tracing])];
	const { bodyLimitBytes: limitBytes, bodiesHeldBytes: heldBytes, acceptSha1, appSecrets: secrets, maxAgeMs } = config;
	const relay = await startCore({
		...{ store, clock, random, observers, holder: leaseHolder(config.store) },
		createSender: ({ concurrency }) => createSender(concurrency, connect),
		...{ verifyToken: config.verifyToken, secrets, acceptSha1 },
		readBody: [
			refuseUnsigned({ see, secrets, acceptSha1, now }),
			rawBody({ limitBytes, heldBytes, onRefused: (reason) => see({ kind: 'turned-away', reason }) }),
		],
		...(maxAgeMs === null ? {} : { refuse: refuseOlderThan(maxAgeMs) }),
	});
	stops.unshift(() => {
		drainEndsAt = now() + config.drainMs;
		return relay.stop(config.drainMs);
	});
	source = await followSubscribers({
		...{ path: config.subscribersPath, environment, clock, log },
		use: relay.use,
		lastList: () => store.lastList(),
		kept: keptSubscribers(store).text,
	});
	stops.unshift(() => source?.close() ?? Promise.resolve());
	const app = plainApp([relay.routes, ...admin.routes], config.basePath, see);
	const server: HttpServer = await serveHttp(app, {
		...config,
		onDropped: () => see({ kind: 'turned-away', reason: 'connections' }),
	}).catch((error) => explainListening(error, config));
	stops.unshift(() => server.close());
	admin.start();

	return {
		url: server.url,
		async stop() {
			draining = true;
			// If one fails, stop the others all the same; the store comes last.
			const failed: unknown[] = [];
			for (const stop of stops) await stop().catch((error) => failed.push(error));
			if (failed.length > 0) throw failed[0];
		},
	};
}

/**
 * Traces are a separate package, loaded only if they are on: it takes 0.1 s and 27 MB.
 *
 * @throws {ConfigError} it is not installed, or its settings cannot be used
 */
async function openTracing(
	{ traces }: Config,
	environment: RelayOptions['environment'],
	options: TracesOptions,
): Promise<Traces | null> {
	if (traces === 'off') return null;
	const { openTraces, readTraceSettings } = await import('@instagram-insights/relay-otlp').catch((error: unknown) => {
		if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
		throw new ConfigError([
			'RELAY_TRACES: traces need a package that is not installed; run npm install -g @instagram-insights/relay-otlp, or set RELAY_TRACES=off',
		]);
	});
	const reading = readTraceSettings(environment);
	if (!reading.ok) throw new ConfigError(reading.problems);
	return reading.settings === null ? null : openTraces(reading.settings, options);
}

/** The mistakes a person can correct, in words; anything else as it came. */
function explainListening(error: unknown, { host, port }: Config): never {
	const badHost = `RELAY_HOST: ${host} is not an address; use 127.0.0.1, or 0.0.0.0 for every network`;
	const known: Readonly<Record<string, string>> = {
		EADDRINUSE: `RELAY_PORT: ${port} on ${host} is in use; stop the program that listens there, or choose another port`,
		EADDRNOTAVAIL: `RELAY_HOST: this machine does not have the address ${host}; use 127.0.0.1 or 0.0.0.0`,
		ENOTFOUND: badHost,
		EAI_AGAIN: badHost,
		EACCES: `RELAY_PORT: this user may not use port ${port}; choose one above 1023`,
	};
	const problem = error instanceof Error && 'code' in error ? known[String(error.code)] : undefined;
	throw problem === undefined ? error : new ConfigError([problem]);
}
