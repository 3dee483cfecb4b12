import { pino } from 'pino';
import type { Config } from './config.ts';
import { startRelay } from './start-relay.ts';
import { systemClock } from './system-clock.ts';

const PARENT_LOOK_MS = 500;
/** SIGHUP comes when the terminal is closed. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** A start that is under way when the signal comes gets this long, so that it leaves one whole file. */
const START_PATIENCE_MS = 2000;

/** The running process: start, stop at a signal. */
export async function runRelay(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
	const log = pino({ level: config.logLevel });
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
