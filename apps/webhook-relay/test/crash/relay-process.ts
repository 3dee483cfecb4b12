import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { pollUntil } from '../poll-until.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const SENDER = fileURLToPath(new URL('sender.ts', import.meta.url));
const NODE_OPTIONS = ['--conditions=@instagram-insights/source'];

export type RelayProcessOptions = {
	readonly environment?: Readonly<Record<string, string>>;
	/** a module loaded before the relay */
	readonly preload?: string;
	/** no file of the process may grow beyond this */
	readonly fileLimitKilobytes?: number;
};

/** Start the relay as a process of its own and wait until it listens. */
export async function startRelayProcess(
	environment: Readonly<Record<string, string>>,
	{ preload, fileLimitKilobytes }: RelayProcessOptions = {},
): Promise<ChildProcess> {
	const imports = preload === undefined ? [] : [`--import=${preload}`];
	const command = [process.execPath, ...NODE_OPTIONS, ...imports, MAIN, 'start'];
	// The system ends a process that writes beyond the limit, unless it asks for an error instead. POSIX counts in 512 bytes.
	const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f ${2 * (fileLimitKilobytes ?? 0)}; exec "$@"`, 'sh', ...command];
	const [program = '', ...args] = fileLimitKilobytes === undefined ? command : limited;
	const relay = spawn(program, args, {
		env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environment },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	relay.stdout.setEncoding('utf8');
	let said = '';
	// A plain loop would close the pipe at its end, and the relay could not write to its log any more.
	for await (const chunk of relay.stdout.iterator({ destroyOnReturn: false })) {
		said += chunk;
		if (said.includes('"listening"')) break;
	}
	if (!said.includes('"listening"')) throw new Error(`the relay ended before it listened: ${said}`);
	// Read on, or the pipe fills up and the relay stands still.
	relay.stdout.resume();
	return relay;
}

/** `kill -9`, and wait until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, 'exit');
	child.kill('SIGKILL');
	await gone;
}

/** Result of a sender's load. `cut`: connections that broke before an answer came; `status`: answers other than 200. */
export type SenderReport = { sent: number; refused: number; cut: number; status: Record<string, number> };

/** Start a load that lasts until `finish`. It ends with the test at the latest; `acknowledged` grows while it runs. */
export function startSender(urls: readonly string[], { connections = 8, eventsPerSecond = 500 } = {}) {
	const child = spawn(process.execPath, [SENDER, urls.join(','), `${connections}`, `${eventsPerSecond}`], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	onTestFinished(() => killHard(child));
	const acknowledged = new Set<string>();
	let rest = '';
	let report: SenderReport | null = null;
	child.stdout?.setEncoding('utf8');
	child.stdout?.on('data', (chunk: string) => {
		const lines = `${rest}${chunk}`.split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			if (line.startsWith('#')) report = JSON.parse(line.slice(1));
			else acknowledged.add(line);
		}
	});
	const closed = once(child, 'close');
	return {
		acknowledged,
		/** Wait until `more` events than now are acknowledged. */
		async reach(more: number): Promise<void> {
			const size = acknowledged.size + more;
			await pollUntil(`${size} acknowledged events`, () => acknowledged.size >= size, { timeoutMs: 90_000 });
		},
		/** Start no new events. Resolves when everything sent is acknowledged. */
		async finish(): Promise<SenderReport> {
			child.stdin?.end();
			await closed;
			if (report === null) throw new Error('the sender ended early');
			return report;
		},
	};
}
