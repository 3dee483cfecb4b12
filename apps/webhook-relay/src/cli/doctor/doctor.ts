import { createMetaSubscriptions } from '../../admin/meta-subscriptions.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../system-clock.ts';
import { checkMeta } from './check-meta.ts';
import { checkCallback, checkClock } from './check-network.ts';
import { checkRelay } from './check-relay.ts';
import { type Finding, skipped } from './finding.ts';

/**
 * Check everything an event needs to arrive, backwards along its way: this relay, its public address, Meta's three layers.
 * Changes nothing.
 *
 * @param onFinding called as each check ends, for output while it runs
 */
export async function runDoctor(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
	onFinding: (finding: Finding) => void,
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const note = (found: readonly Finding[]) => {
		findings.push(...found);
		found.forEach(onFinding);
	};
	const { findings: own, subscribers } = await checkRelay(config, environment);
	note(own);
	note([await checkClock(config)]);

	const callbackUrl = callbackUrlOf(config);
	if (callbackUrl === null) {
		const advice = 'Set RELAY_PUBLIC_URL to the HTTPS address at which Meta reaches this relay.';
		note([skipped('handshake', advice)]);
	} else note(await checkCallback(callbackUrl, config.verifyToken));

	const subscriptions = createMetaSubscriptions(config.meta, systemClock);
	try {
		note(await checkMeta(config, subscriptions, { callbackUrl, subscribers }));
	} finally {
		await subscriptions.close();
	}
	return findings;
}

/** RELAY_PUBLIC_URL may be the origin alone, or name the path. */
export function callbackUrlOf({ publicUrl, basePath }: Pick<Config, 'publicUrl' | 'basePath'>): string | null {
	if (publicUrl === undefined) return null;
	const url = new URL(publicUrl);
	if (url.pathname === '/' || url.pathname === '') url.pathname = `${basePath}/webhooks/instagram`;
	return url.href;
}
