#!/usr/bin/env node
import { Command } from 'commander';
import { pino } from 'pino';
import { ConfigError, readConfig } from './config.ts';
import { startRelay } from './start-relay.ts';
import { systemClock } from './system-clock.ts';

const program = new Command('instagram-webhook-relay').description(
	'The one callback URL Meta allows: verifies, stores, and delivers every Instagram webhook event.',
);

program
	.command('start')
	.description('receive and deliver')
	.action(async () => {
		const config = readConfig(process.env);
		const log = pino({ level: config.logLevel });
		const relay = await startRelay({
			config,
			environment: process.env,
			clock: systemClock,
			random: Math.random,
			log,
			onLost: (error) => {
				log.fatal({ err: error }, 'store lost');
				process.exit(1);
			},
		});
		log.info({ url: relay.url }, 'listening');
		let stopping = false;
		const stop = (signal: string) => {
			if (stopping) return;
			stopping = true;
			log.info({ signal }, 'draining');
			relay.stop().then(
				() => log.info('stopped'),
				(error) => {
					log.error({ err: error }, 'stopped badly');
					process.exitCode = 1;
				},
			);
		};
		process.on('SIGTERM', stop);
		process.on('SIGINT', stop);
	});

try {
	await program.parseAsync();
} catch (error) {
	if (!(error instanceof ConfigError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
