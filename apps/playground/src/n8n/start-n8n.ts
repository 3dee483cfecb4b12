import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { until } from '../until.ts';
import { containerCommand, type N8nImage, removeContainer } from './container.ts';
import { freePort } from './free-port.ts';

export type N8nProcess = {
	/** `http://127.0.0.1:5678` */
	readonly url: string;
	/** Leader of a process group of its own. */
	readonly pid: number;
	readonly logFile: string;
	/** Settles when the process has ended, no matter who ended it. */
	readonly ended: Promise<void>;
	/** End n8n and its task runner. What takes longer than `stopSeconds` and five seconds more is killed. */
	stop(): Promise<void>;
	/** End it at once, as a crash would. */
	kill(): Promise<void>;
};

const READY_TEXT = 'Editor is now accessible';
const READY_LIMIT_MS = 150_000;
/** Its process may take this much longer to end than its workflows. */
const STOP_EXTRA_MS = 5000;

/**
 * Start n8n on loopback and wait until its editor answers.
 *
 * @param options `program` as `installN8n` or `prepareImage` gives it; `userFolder` holds n8n's database, key and community packages
 * @throws {Error} n8n ended or was not ready in time; the message carries the last lines of its log
 */
export async function startN8n(options: {
	program: string | N8nImage;
	userFolder: string;
	port: number;
	env?: Readonly<Record<string, string>>;
	/** how long running workflows may take to finish at the end. @default 10 */
	stopSeconds?: number;
}): Promise<N8nProcess> {
	mkdirSync(options.userFolder, { recursive: true });
	const logFile = path.join(options.userFolder, 'n8n.log');
	const log = createWriteStream(logFile, { flags: 'a' });
	const { program, userFolder, port, stopSeconds = 10 } = options;
	const image = typeof program === 'string' ? undefined : program;
	const env = {
		...(await environment(port, userFolder)),
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: String(stopSeconds),
		// The pinned n8n knows this module; another version would refuse a name that it does not know.
		...(image === undefined && { N8N_DISABLED_MODULES: 'mcp-registry' }),
		...options.env,
	};
	const name = `instagram-insights-n8n-${port}`;
	if (image !== undefined) removeContainer(image.engine, name);
	const [command = '', ...args] =
		typeof program === 'string'
			? [process.execPath, program, 'start']
			: containerCommand({ image: program, name, userFolder, env });
	const child = spawn(command, args, {
		cwd: options.userFolder,
		// A group of its own: a terminal's Ctrl-C reaches only us, and what n8n started can be ended with it.
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ...env },
	});
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	const killGroup = () => {
		endGroup(child, 'SIGKILL');
		if (image !== undefined) removeContainer(image.engine, name);
	};
	process.once('exit', killGroup);
	void ended.then(() => process.off('exit', killGroup));
	const url = `http://127.0.0.1:${port}`;
	try {
		// Other versions of n8n may say something else when they are ready, so an image is asked.
		await untilReady(child, log, image === undefined ? undefined : () => answersItsEditor(url));
	} catch (error) {
		killGroup();
		throw error;
	}
	return {
		url,
		pid: child.pid ?? 0,
		logFile,
		ended,
		async stop() {
			child.kill('SIGTERM');
			const timer = setTimeout(killGroup, 1000 * stopSeconds + STOP_EXTRA_MS);
			await ended;
			clearTimeout(timer);
			killGroup();
		},
		async kill() {
			killGroup();
			await ended;
		},
	};
}

/** Quiet, local, and without questions to n8n's servers. */
async function environment(port: number, userFolder: string): Promise<Record<string, string>> {
	return {
		// A test runner's NODE_ENV=test would make n8n end at once.
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		// Off by default today; with it on, loopback must stay reachable for the sandbox.
		N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.0/8',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		// Off by default from n8n 3.0 on.
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_LOG_LEVEL: 'info',
		GENERIC_TIMEZONE: process.env.GENERIC_TIMEZONE ?? 'America/New_York',
	};
}

/** Whether the interface of n8n's editor answers; while n8n starts, a page of HTML does. */
async function answersItsEditor(url: string): Promise<boolean> {
	const response = await fetch(`${url}/rest/settings`);
	return response.ok && response.headers.get('content-type')?.includes('json') === true;
}

/** @param isReady polled while n8n's log is read */
function untilReady(child: ChildProcess, log: NodeJS.WritableStream, isReady?: () => Promise<boolean>): Promise<void> {
	return new Promise((resolve, reject) => {
		let text = '';
		const fail = (why: string) => {
			const last = text.trim().split('\n').slice(-15).join('\n');
			endGroup(child, 'SIGKILL');
			reject(new Error(`${why}. The last lines of its log:\n${last}`));
		};
		const timer = setTimeout(() => fail(`n8n was not ready after ${READY_LIMIT_MS / 1000} s`), READY_LIMIT_MS);
		const ready = () => {
			clearTimeout(timer);
			timer.unref();
			text = '';
			resolve();
		};
		const hear = (chunk: Buffer) => {
			log.write(chunk);
			if (timer.hasRef() === false) return;
			text += chunk;
			if (text.includes(READY_TEXT)) ready();
		};
		if (isReady !== undefined)
			void until('n8n', () => timer.hasRef() === false || isReady(), READY_LIMIT_MS).then(ready, () => {});
		child.stdout?.on('data', hear);
		child.stderr?.on('data', hear);
		child.once('exit', (code) => {
			clearTimeout(timer);
			fail(`n8n ended with code ${code} while starting`);
		});
		child.once('error', (error) => {
			clearTimeout(timer);
			fail(`n8n could not be started: ${error.message}`);
		});
	});
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		// The group has already ended.
	}
}
