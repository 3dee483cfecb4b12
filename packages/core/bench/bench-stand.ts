import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, startSandbox, type WorldOptions } from '@instagram-insights/graph-sandbox';
import type { Host } from '../src/catalog/host.ts';
import {
	createInsightsClient,
	type InsightsClient,
	type InsightsClientOptions,
} from '../src/client/insights-client.ts';
import type { Transport } from '../src/client/ports.ts';
import { createUndiciTransport } from '../src/undici/index.ts';

/** A summer day: no clock change lies within the last 90 days, so windows are of 30 days. */
export const NOW = new Date('2026-07-15T19:00:00Z');
export const HOSTS = ['graph.facebook.com', 'graph.instagram.com'] as const satisfies readonly Host[];
/** Requests under way at once, the same for both clients. */
export const CONCURRENCY = 4;

/** Unsupported posts are ads, which have no insights at all, or old videos among other videos, which refuse one metric. */
export type Faults = 'none' | '5 % before conversion' | '1 % unsupported' | 'both' | '5 % before, 1 % old videos';
export const FAULTS: readonly Faults[] = [
	'none',
	'5 % before conversion',
	'1 % unsupported',
	'both',
	'5 % before, 1 % old videos',
];

export function worldOf(media: number, faults: Faults): WorldOptions {
	const old = faults === 'both' || faults.startsWith('5 % before');
	const unsupported = faults === 'both' || faults === '1 % unsupported';
	const videos = faults.endsWith('old videos');
	return {
		media,
		beforeConversionShare: old ? 0.05 : 0,
		adShare: unsupported ? 0.01 : 0,
		legacyVideoShare: videos ? 0.01 : 0,
	};
}

export type Stand = {
	readonly sandbox: Sandbox;
	readonly transport: Transport;
	readonly target: { readonly host: Host; readonly accountId: string; readonly concurrency: number };
	client(options?: Partial<InsightsClientOptions>): InsightsClient;
};

/** What a run cost. */
export type Cost = { readonly requests: number; readonly calls: number; readonly seconds: number };

/** A sandbox, a transport to one of its hosts, and an end to both. */
export async function withStand<T>(
	host: Host,
	options: { readonly world: WorldOptions; readonly latencyMs?: number },
	use: (stand: Stand) => Promise<T>,
): Promise<T> {
	const sandbox = await startSandbox({ now: () => NOW, callBudget: 1_000_000, ...options });
	const transport = createUndiciTransport({
		accessToken: host === 'graph.facebook.com' ? 'EAA-sandbox-large' : 'IGAA-sandbox-large',
		baseUrls: { 'graph.facebook.com': sandbox.facebookUrl, 'graph.instagram.com': sandbox.instagramUrl },
	});
	const accountId = sandbox.world.account('large').id;
	const clock = { now: () => NOW, sleep: (ms: number) => sleep(ms) };
	try {
		return await use({
			sandbox,
			transport,
			target: { host, accountId, concurrency: CONCURRENCY },
			client: (more) => createInsightsClient({ host, transport, clock, accountId, concurrency: CONCURRENCY, ...more }),
		});
	} finally {
		await transport.close();
		await sandbox.stop();
	}
}

/** Run, and count what the sandbox saw. */
export async function costOf({ sandbox }: Stand, run: () => Promise<unknown>): Promise<Cost> {
	sandbox.resetRequests();
	const start = performance.now();
	await run();
	const seconds = (performance.now() - start) / 1000;
	const { httpRequests, metaCalls } = sandbox.counts();
	return { requests: httpRequests, calls: metaCalls, seconds };
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
	const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, index) => (index < 2 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
