import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from './processes.ts';

export const ADMIN_TOKEN = 'fake-admin-token-1';

export type BenchRelay = Server & {
	readonly folder: string;
	api(path: string, method?: 'GET' | 'POST'): Promise<Record<string, never> & { pending: number; events: number }>;
};

export type BenchSubscriber = { readonly id: string; readonly url: string; readonly concurrency?: number };

/** A relay in a process of its own. `folder` of an earlier one: on its store. */
export async function startBenchRelay(
	subscribers: readonly BenchSubscriber[],
	folder: string = mkdtempSync(join(tmpdir(), 'relay-bench-')),
): Promise<BenchRelay> {
	const path = join(folder, 'subscribers.json');
	writeFileSync(path, JSON.stringify({ subscribers }));
	const server = await startServer('../src/main.ts', ['start'], {
		RELAY_PORT: '0',
		RELAY_STORE: `sqlite:${join(folder, 'relay.db')}`,
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

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

/** Ask again until it is so; the benchmark's own time limit ends it otherwise. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
	while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
