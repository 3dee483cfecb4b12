import { type Sandbox, type SandboxOptions, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Host } from '../../src/catalog/host.ts';
import { createInsightsClient, type InsightsClientOptions } from '../../src/client/insights-client.ts';
import { manualClock } from '../../src/testing/index.ts';
import { createUndiciTransport } from '../../src/undici/index.ts';

/** Noon in California on 23 November 2026, winter time: the instant every stand stands at. */
export const NOON = '2026-11-23T20:00:00.000Z';

export const BOTH_HOSTS = ['graph.facebook.com', 'graph.instagram.com'] as const satisfies readonly Host[];

export type Opened = {
	/** The account's key in the sandbox, with the token's variant and scenario: `large`, `tiny-expired`, `large+transient`. */
	readonly token?: string;
} & Partial<InsightsClientOptions>;

/**
 * A sandbox for the tests of one file, and clients of it through real HTTP. Time stands still at noon, and a wait of a
 * client passes by itself.
 */
export function sandboxStand(options: SandboxOptions = {}) {
	let sandbox: Sandbox;
	const closing: (() => Promise<void>)[] = [];
	beforeAll(async () => {
		sandbox = await startSandbox({ now: () => new Date(NOON), ...options });
	});
	beforeEach(() => {
		sandbox.clearScenarios();
		sandbox.resetRequests();
	});
	afterAll(async () => {
		for (const close of closing) await close();
		await sandbox.stop();
	});
	return {
		sandbox: () => sandbox,
		world: () => sandbox.world,
		client(host: Host, { token = 'large', ...more }: Opened = {}) {
			const transport = createUndiciTransport({
				accessToken: `${host === 'graph.facebook.com' ? 'EAA' : 'IGAA'}-sandbox-${token}`,
				baseUrls: { 'graph.facebook.com': sandbox.facebookUrl, 'graph.instagram.com': sandbox.instagramUrl },
			});
			closing.push(() => transport.close());
			const key = token.split(/[-+]/)[0] ?? '';
			const accountId = sandbox.world.accounts[key]?.id;
			const clock = manualClock(NOON, { passing: 'by-itself' });
			return createInsightsClient({
				host,
				transport,
				clock,
				random: () => 0,
				...(host === 'graph.facebook.com' && accountId !== undefined ? { accountId } : {}),
				...more,
			});
		},
		/** Paths with status of what was sent, oldest first. */
		sent: () => sandbox.requests().map(({ method, path, status }) => `${method} ${path} ${status}`),
	};
}
