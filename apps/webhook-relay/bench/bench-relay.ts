import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from './processes.ts';

export const ADMIN_TOKEN = 'fake-admin-token-1';

export type BenchRelay = Server & {
	readonly folder: string;
	api(path: string, method?: 'GET' | 'POST'): Promise<{ pending: number; events: number; bytes: number | null }>;
};

export type BenchSubscriber = { readonly id: string; readonly url: string; readonly concurrency?: number };

/** One that nobody asks: for a subscriber that is paused from the start, so that its deliveries only collect. */
export const NOBODY: BenchSubscriber = { id: 'paused', url: 'http://127.0.0.1:9/' };

/** The relay is measured as it is shipped: build it first. */
export function buildRelay(): void {
	execFileSync('pnpm', ['--filter', '@instagram-insights/webhook-relay...', 'run', 'build'], { stdio: 'ignore' });
}

/**
 * A relay in a process of its own.
 *
 * @param options.folder of an earlier one: on its store
 * @param options.store a PostgreSQL in place of the SQLite file in the folder
 */
export async function startBenchRelay(
	subscribers: readonly BenchSubscriber[],
	{ folder = mkdtempSync(join(tmpdir(), 'relay-bench-')), store }: { folder?: string; store?: string } = {},
): Promise<BenchRelay> {
	const path = join(folder, 'subscribers.json');
	writeFileSync(path, JSON.stringify({ subscribers }));
	const server = await startServer('../dist/main.js', ['start'], {
		RELAY_PORT: '0',
		RELAY_STORE: store ?? `sqlite:${join(folder, 'relay.db')}`,
		RELAY_SUBSCRIBERS: path,
		RELAY_ADMIN_TOKEN: ADMIN_TOKEN,
		META_VERIFY_TOKEN: 'fake-verify',
		META_APP_SECRETS: 'instagram:fake-ig',
	});
	return {
		...server,
		folder,
		async api(path, method = 'GET') {
			const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
			return (await (await fetch(`${server.url}/api/${path}`, { method, headers })).json()) as never;
		},
	};
}

/** A relay whose one subscriber is paused: every event gets a delivery, and nothing is delivered. */
export async function startCollectingRelay(options: { folder?: string; store?: string } = {}): Promise<BenchRelay> {
	const relay = await startBenchRelay([NOBODY], options);
	await relay.api(`subscribers/${NOBODY.id}/pause`, 'POST');
	return relay;
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

/** Ask again until it is so; the benchmark's own time limit ends it otherwise. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
	while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
