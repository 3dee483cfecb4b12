import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { APPS } from '@instagram-insights/graph-sandbox';
import { ROOT } from './folders.ts';
import { until } from './until.ts';

/** What the relay and the trigger's credential share. Made up, and only for loopback. */
export const RELAY_SECRET = `whsec_${Buffer.from('the playground signs with this').toString('base64')}`;

/** Opens the relay's dashboard and admin API. */
export const RELAY_ADMIN_TOKEN = 'playground-admin-token';

export type RelayProcess = {
	/** `http://127.0.0.1:8787` */
	readonly url: string;
	/** Where Meta, here the sandbox, sends its webhooks. */
	readonly callbackUrl: string;
	/** Leader of a process group of its own. */
	readonly pid: number;
	readonly logFile: string;
	/** Settles when the process has ended, no matter who ended it. */
	readonly ended: Promise<void>;
	stop(): Promise<void>;
};

/**
 * Start the webhook relay as its users do: a process of its own, with its settings in the environment, a SQLite store and a
 * subscribers file.
 *
 * @param options `folder` keeps the store and the file; `subscribers` are URLs of n8n triggers by id
 * @throws {Error} it ended, or was not ready in 60 seconds; the message carries the last lines of its log
 */
export async function startRelay(options: {
	port: number;
	folder: string;
	subscribers: Readonly<Record<string, string>>;
	env?: Readonly<Record<string, string>>;
}): Promise<RelayProcess> {
	mkdirSync(options.folder, { recursive: true });
	const subscribersFile = path.join(options.folder, 'subscribers.json');
	const subscribers = Object.entries(options.subscribers).map(([id, url]) => ({
		id,
		url,
		secret: RELAY_SECRET,
		match: {},
		mode: 'event',
		success: 'n8n',
	}));
	writeFileSync(subscribersFile, `${JSON.stringify({ subscribers }, null, '\t')}\n`);
	const logFile = path.join(options.folder, 'relay.log');
	const log = createWriteStream(logFile, { flags: 'a' });
	const main = path.join(ROOT, 'apps/webhook-relay/src/main.ts');
	const child = spawn(process.execPath, ['--conditions=@instagram-insights/source', main, 'start'], {
		cwd: options.folder,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			...process.env,
			RELAY_HOST: '127.0.0.1',
			RELAY_PORT: String(options.port),
			RELAY_STORE: `sqlite:${path.join(options.folder, 'relay.db')}`,
			RELAY_SUBSCRIBERS: subscribersFile,
			RELAY_ADMIN_TOKEN,
			META_VERIFY_TOKEN: 'playground',
			META_APP_SECRETS: `instagram:${APPS.instagram.secret},facebook:${APPS.facebook.secret}`,
			...options.env,
		},
	});
	child.stdout.pipe(log);
	child.stderr.pipe(log);
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const kill = () => child.kill('SIGKILL');
	process.once('exit', kill);
	void ended.then(() => process.off('exit', kill));
	const url = `http://127.0.0.1:${options.port}`;
	try {
		await Promise.race([
			until('the relay', async () => (await fetch(`${url}/readyz`)).ok, 60_000),
			ended.then(() => Promise.reject(new Error('it ended'))),
		]);
	} catch (error) {
		kill();
		const last = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
		throw new Error(`The webhook relay did not start. The last lines of its log:\n${last}`, { cause: error });
	}
	return {
		url,
		callbackUrl: `${url}/webhooks/instagram`,
		pid: child.pid ?? 0,
		logFile,
		ended,
		async stop() {
			child.kill('SIGTERM');
			const timer = setTimeout(kill, 15_000);
			await ended;
			clearTimeout(timer);
		},
	};
}
