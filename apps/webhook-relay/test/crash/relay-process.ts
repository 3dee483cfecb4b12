import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const SENDER = fileURLToPath(new URL('sender.ts', import.meta.url));
const NODE_OPTIONS = ['--conditions=@instagram-insights/source'];

/** Start the relay as a process of its own and wait until it listens. */
export async function startRelayProcess(environment: Readonly<Record<string, string>>): Promise<ChildProcess> {
	const relay = spawn(process.execPath, [...NODE_OPTIONS, MAIN, 'start'], {
		env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environment },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	relay.stdout?.setEncoding('utf8');
	for await (const chunk of relay.stdout ?? []) if (String(chunk).includes('"listening"')) break;
	// Read on, or the pipe fills up and the relay stands still.
	relay.stdout?.resume();
	return relay;
}

/** `kill -9`, and wait until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, 'exit');
	child.kill('SIGKILL');
	await gone;
}

/** Start a sender; `acknowledged` grows while it runs. */
export function startSender(url: string, options: { first: number; count: number; connections: number }) {
	const { first, count, connections } = options;
	const child = spawn(process.execPath, [SENDER, url, `${first}`, `${count}`, `${connections}`], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const acknowledged: string[] = [];
	let rest = '';
	child.stdout?.setEncoding('utf8');
	child.stdout?.on('data', (chunk: string) => {
		const lines = `${rest}${chunk}`.split('\n');
		rest = lines.pop() ?? '';
		acknowledged.push(...lines);
	});
	return { child, acknowledged, done: once(child, 'close') };
}
