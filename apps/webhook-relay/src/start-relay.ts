import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { type Config, ConfigError } from './config.ts';
import { startDispatcher } from './dispatch/dispatcher.ts';
import { routingRule } from './dispatch/fan-out.ts';
import { createHttpSender } from './dispatch/http-sender.ts';
import type { Subscriber } from './dispatch/subscriber.ts';
import { revisionOf } from './dispatch/subscriber-revision.ts';
import { readSubscribersFile, watchSubscribersFile } from './dispatch/subscribers-file.ts';
import { createTestCopies } from './dispatch/test-copies.ts';
import { openStore } from './store/open-store.ts';

export type Relay = {
	/** where it listens, such as http://127.0.0.1:8787 */
	readonly url: string;
	/** Drain: no new connections, no 200 without a commit, what is under way ends. */
	stop(): Promise<void>;
};

export type RelayOptions = {
	readonly config: Config;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly clock: Clock;
	readonly log: Logger;
	/** called when the store is lost: the process should end */
	readonly onLost: (error: Error) => void;
};

/** Leases of a crashed run are ours: one process owns a SQLite store. */
const HOLDER = 'relay';

/**
 * Start the relay: store, subscribers, deliveries, then the HTTP side, so that nothing is received before it can be kept.
 *
 * @throws {ConfigError} the subscribers file is not usable
 * @throws {StoreError} the store cannot be opened
 */
export async function startRelay({ config, environment, clock, log, onLost }: RelayOptions): Promise<Relay> {
	let subscribers: readonly Subscriber[] = readSubscribers();
	const store = await openStore(config.store, { dedupMs: config.dedupMs, maxMegabytes: config.storeMaxMegabytes });
	store.onLost(onLost);
	const now = () => clock.now().getTime();
	const policy = { allowPrivate: config.allowPrivate };
	const testSender = createHttpSender({ policy, connections: 10 });
	const testCopies = createTestCopies({ browse: store.browse, sender: testSender, clock });

	await store.releaseLeases(HOLDER, now());
	const dispatcher = startDispatcher({
		store,
		clock,
		random: Math.random,
		holder: HOLDER,
		createSender: ({ concurrency }) => createHttpSender({ policy, connections: concurrency }),
		onAttempt: (report) => log.debug(report, 'attempt'),
		onStoreError: (error) => log.error({ err: error }, 'store'),
	});
	await useSubscribers(subscribers);
	const watcher = config.subscribersPath === undefined ? null : watchSubscribersFile(config.subscribersPath, reload);

	const app = createApp({
		store,
		secrets: config.appSecrets,
		acceptSha1: config.acceptSha1,
		verifyToken: config.verifyToken,
		bodyLimitBytes: config.bodyLimitBytes,
		now,
		reporter: {
			handshake: (outcome) => log.info({ outcome }, 'handshake'),
			refused: (reason, otherSecret) => log.warn({ reason, otherSecret }, 'signature refused'),
			accepted: () => {},
			notStored: (error) => log.error({ err: error }, 'not stored'),
		},
		onStored: ({ stored }) => testCopies.send(stored, subscribers),
		operate: [],
		onError: (error) => log.error({ err: error }, 'request failed'),
	});
	const server = await listen(createServer(app), config);

	function readSubscribers(): readonly Subscriber[] {
		if (config.subscribersPath === undefined) return [];
		const reading = readSubscribersFile(config.subscribersPath, environment);
		if (!reading.ok) throw new ConfigError(reading.problems.map((problem) => `RELAY_SUBSCRIBERS: ${problem}`));
		return reading.subscribers;
	}

	async function useSubscribers(next: readonly Subscriber[]): Promise<void> {
		await store.route(next.map((subscriber) => ({ ...routingRule(subscriber), revision: revisionOf(subscriber) })));
		subscribers = next;
		dispatcher.use(next);
	}

	function reload(): void {
		try {
			const next = readSubscribers();
			useSubscribers(next).then(
				() => log.info({ subscribers: next.map(({ id }) => id) }, 'subscribers reloaded'),
				(error) => log.error({ err: error }, 'subscribers not reloaded'),
			);
		} catch (error) {
			log.error(
				{ problems: error instanceof ConfigError ? error.problems : [] },
				'subscribers not reloaded, the old ones stay',
			);
		}
	}

	return {
		url: urlOf(server),
		async stop() {
			watcher?.close();
			await closeServer(server);
			await dispatcher.stop(config.drainMs);
			await testSender.close();
			await store.close();
		},
	};
}

async function listen(server: Server, config: Config): Promise<Server> {
	// A client that sends slowly, or nothing, loses its connection: Meta sends at once.
	server.headersTimeout = 10_000;
	server.requestTimeout = 30_000;
	server.keepAliveTimeout = 65_000;
	server.maxRequestsPerSocket = 0;
	server.maxConnections = config.maxConnections;
	server.listen(config.port, config.host);
	await once(server, 'listening');
	return server;
}

async function closeServer(server: Server): Promise<void> {
	const closed = once(server, 'close');
	server.close();
	server.closeIdleConnections();
	await closed;
}

function urlOf(server: Server): string {
	const { address, family, port } = server.address() as AddressInfo;
	return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
