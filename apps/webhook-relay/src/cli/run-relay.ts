import { pino } from 'pino';
import type { Config } from './config.ts';
import { startRelay } from './start-relay.ts';
import { systemClock } from './system-clock.ts';

const PARENT_LOOK_MS = 500;

/** The running process: start, stop at SIGTERM or SIGINT. */
export async function runRelay(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
	const log = pino({ level: config.logLevel });
	const relay = await startRelay({
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
			await relay.stop();
			log.info('stopped');
		} catch (error) {
			log.error({ error: String(error) }, 'stopped badly');
			process.exitCode = 1;
		}
		// An export of traces to a collector that does not answer would hold the process.
		process.exit();
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
	// npm and npx end at SIGTERM without passing it on through their shell: the relay then has another parent.
	if (environment.npm_lifecycle_event !== undefined) {
		const parent = process.ppid;
		setInterval(() => process.ppid !== parent && void stop('parent gone'), PARENT_LOOK_MS).unref();
	}
	// Last: who reads this may end us at once.
	log.info({ url: relay.url, subscribers: config.subscribersPath ?? 'none' }, 'listening');
}
