import type { Config } from '../config.ts';
import type { Finding } from './finding.ts';

const TIMEOUT_MS = 5000;
/** Receivers refuse signed deliveries whose time is five minutes off; a minute is more than the network explains. */
const TOLERANCE_MS = 60_000;

/** Compare this machine's clock with Meta's, by the `Date` header of an answer: any answer has one. */
export async function checkClock({ meta }: Pick<Config, 'meta'>, now: () => number = Date.now): Promise<Finding> {
	const check = 'clock';
	for (const url of Object.values(meta.baseUrls)) {
		const theirs = await askTheTime(url);
		if (theirs === null) continue;
		const aheadMs = now() - theirs;
		if (Math.abs(aheadMs) <= TOLERANCE_MS) return { state: 'ok', check, detail: 'agrees with Meta' };
		const detail = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Meta's`;
		const advice = 'Sync it with NTP: receivers refuse signed deliveries whose time is off by five minutes.';
		return { state: 'failed', check, detail, advice };
	}
	return {
		state: 'skipped',
		check,
		advice: 'Meta cannot be reached from here: check the network, then run the doctor again.',
	};
}

async function askTheTime(url: string): Promise<number | null> {
	try {
		const response = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
		const ms = Date.parse(response.headers.get('date') ?? '');
		return Number.isNaN(ms) ? null : ms;
	} catch {
		return null;
	}
}
