import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	killHard,
	type RelayProcessOptions,
	startRelayProcess,
} from '@instagram-insights/webhook-relay/test/crash/relay-process';
import { freePort } from '@instagram-insights/webhook-relay/test/free-port';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';
import { onTestFinished } from 'vitest';

/** Replicas of the relay on one store, each a process on a port of its own. They end with the test. */
export async function startReplicas(store: string, subscribers: readonly object[], count = 3) {
	const path = join(temporaryFolder(), 'subscribers.json');
	writeFileSync(path, JSON.stringify({ subscribers }));
	const ports = await Promise.all(Array.from({ length: count }, freePort));
	const processes: (ChildProcess | null)[] = ports.map(() => null);
	onTestFinished(async () => {
		for (const child of processes) if (child !== null) await killHard(child);
	});

	async function start(index: number, more: RelayProcessOptions = {}): Promise<void> {
		const environment = {
			RELAY_PORT: `${ports[index]}`,
			RELAY_STORE: store,
			RELAY_SUBSCRIBERS: path,
			RELAY_DRAIN_SECONDS: '5',
			META_VERIFY_TOKEN: 'fake-verify',
			META_APP_SECRETS: 'instagram:fake-ig',
		};
		processes[index] = await startRelayProcess({ ...environment, ...more.environment }, more);
	}

	await Promise.all(ports.map((_, index) => start(index)));
	return {
		webhooks: ports.map((port) => `http://127.0.0.1:${port}/webhooks/instagram`),
		ready: (index: number) =>
			fetch(`http://127.0.0.1:${ports[index]}/readyz`).then(
				({ status }) => status,
				() => 0,
			),
		start,
		async kill(index: number) {
			const child = processes[index];
			if (child) await killHard(child);
		},
		/** SIGTERM, as an orchestrator does. */
		async stop(index: number) {
			const child = processes[index];
			if (!child) return;
			const gone = once(child, 'exit');
			child.kill('SIGTERM');
			await gone;
		},
	};
}
