import { pino } from 'pino';
import type { Config } from './config.ts';
import { startRelay } from './start-relay.ts';
import { systemClock } from './system-clock.ts';

const PARENT_LOOK_MS = 500;
/** SIGHUP comes when the terminal is closed. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** A start that is under way when the signal comes gets this long, so that it leaves one whole file. */
const START_PATIENCE_MS = 2000;

/** At the end, a reader of the log that is busy gets this long. */
const LOG_PATIENCE_MS = 1000;

/** The log on stdout. A reader that is slow or gone never holds up the relay, nor its end. */
export function openLog(level: string) {
	const destination = pino.destination({ sync: false });
	// At exit pino would repeat a write forever that nobody reads.
	destination.flushSync = () => {};
	return {
		log: pino({ level }, destination),
		/** Resolves when every line is written, or after a second. */
		async close(): Promise<void> {
			const closed = new Promise((resolve) => destination.once('close', resolve));
			destination.end();
			await Promise.race([closed, systemClock.sleep(LOG_PATIENCE_MS)]);
		},
	};
}

/** The running process: start, stop at a signal. */
export async function runRelay(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
	const { log, close } = openLog(config.logLevel);
	const starting = startRelay({
		config,
		environment,
		clock: systemClock,
		random: Math.random,
		log,
	});
	let stopping = false;
	const stop = async (signal: string) => {
		if (stopping) return;
		stopping = true;
		log.info({ signal }, 'draining');
		try {
			const relay = await Promise.race([starting, systemClock.sleep(START_PATIENCE_MS)]);
			await relay?.stop();
			log.info('stopped');
		} catch (error) {
			log.error({ error: String(error) }, 'stop failed');
			process.exitCode = 1;
		}
		await close();
		// An export of traces to a silent collector would keep the process alive.
		process.exit();
	};
	for (const signal of STOP_SIGNALS) process.on(signal, stop);
	// npm and npx stop at SIGTERM without passing it on. The relay then has another parent.
	if (environment.npm_lifecycle_event !== undefined) {
		const parent = process.ppid;
		setInterval(() => process.ppid !== parent && void stop('parent gone'), PARENT_LOOK_MS).unref();
	}
	const relay = await starting;
	if (stopping) return;
	// Logged last: a program that waits for this line may stop the relay at once.
	log.info({ url: relay.url, subscribers: config.subscribersPath ?? 'none' }, 'listening');
}
