import { randomInt } from 'node:crypto';
import type { Config } from '../config.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';

const TIMEOUT_MS = 10_000;
/** Receivers refuse signed deliveries whose time is five minutes off; a minute is more than the network explains. */
const TOLERANCE_MS = 60_000;

/** Compare this machine's clock with Meta's, by the `Date` header of an answer: any answer has one. */
export async function checkClock({ meta }: Pick<Config, 'meta'>, now: () => number = Date.now): Promise<Finding> {
	for (const url of Object.values(meta.baseUrls)) {
		const answer = await ask(url, { method: 'HEAD' });
		const theirs = answer.kind === 'answer' ? Date.parse(answer.date) : Number.NaN;
		if (Number.isNaN(theirs)) continue;
		const aheadMs = now() - theirs;
		if (Math.abs(aheadMs) <= TOLERANCE_MS) return ok('clock', 'agrees with Meta');
		const detail = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Meta's`;
		const advice = 'Sync it with NTP: receivers refuse signed deliveries whose time is off by five minutes.';
		return failed('clock', detail, advice);
	}
	return skipped('clock', 'Meta cannot be reached from here: check the network, then run the doctor again.');
}

/**
 * Test the callback URL: it must accept a handshake with the right token, and refuse a wrong token and a false signature.
 *
 * @param url where Meta reaches the relay, path included
 */
export async function checkCallback(url: string, verifyToken: string): Promise<readonly Finding[]> {
	const challenge = String(randomInt(100_000_000, 2_000_000_000));
	const handshake = await shakeHands(url, challenge, verifyToken);
	if (handshake.kind === 'no-answer') {
		const advice =
			'Meta needs a public HTTPS address with a valid certificate: check the name, port, proxy and firewall.';
		return [failed('handshake', `${url} does not answer (${handshake.reason})`, advice)];
	}
	const { status, text } = handshake;
	if (status !== 200 || text !== challenge) {
		const advice =
			status === 403
				? 'The running relay has a different META_VERIFY_TOKEN than this command.'
				: 'Something else answers at this address: check the path and the proxy.';
		return [failed('handshake', `${url} answers ${status}`, advice)];
	}
	const findings = [ok('handshake', `${url} repeats the challenge`)];
	const wrong = await shakeHands(url, challenge, `not-${challenge}`);
	findings.push(
		wrong.kind === 'answer' && wrong.status === 403
			? ok('wrong token', 'refused')
			: failed('wrong token', 'not refused', 'Something in front of the relay answers instead: check the proxy.'),
	);
	const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'content-type': 'application/json' };
	const forged = await ask(url, { method: 'POST', headers, body: '{}' });
	if (forged.kind === 'answer' && forged.status === 401) findings.push(ok('forged event', 'refused with 401'));
	else {
		const detail = forged.kind === 'answer' ? `answered ${forged.status}` : 'no answer';
		const advice = 'POST must reach the relay with its body unchanged: check the proxy.';
		findings.push(failed('forged event', detail, advice));
	}
	if (new URL(url).protocol !== 'https:') {
		const advice =
			'Meta accepts only HTTPS: put a proxy with a certificate in front, and set RELAY_PUBLIC_URL to its address.';
		findings.push(warning('HTTPS', 'the address is plain HTTP', advice));
	}
	return findings;
}

function shakeHands(url: string, challenge: string, token: string): Promise<Answer> {
	const target = new URL(url);
	target.searchParams.set('hub.mode', 'subscribe');
	target.searchParams.set('hub.challenge', challenge);
	target.searchParams.set('hub.verify_token', token);
	return ask(target, {});
}

type Answer =
	| { kind: 'answer'; status: number; date: string; text: string }
	/** the code of the error; its text would repeat the address with the token */
	| { kind: 'no-answer'; reason: string };

async function ask(url: string | URL, request: RequestInit): Promise<Answer> {
	try {
		const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
		const [text, date] = [(await response.text()).slice(0, 200), response.headers.get('date') ?? ''];
		return { kind: 'answer', status: response.status, date, text };
	} catch (error) {
		return { kind: 'no-answer', reason: codeOf(error) };
	}
}

/** The code in the chain of causes. */
function codeOf(error: unknown): string {
	for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
		if ('code' in cause && typeof cause.code === 'string') return cause.code;
	}
	return error instanceof Error ? error.name : 'unknown';
}
