import { randomInt } from 'node:crypto';
import type { Finding } from './finding.ts';

const TIMEOUT_MS = 10_000;

/**
 * Do to the callback URL what Meta does: the handshake with the right token, one with a wrong token, and a forged event.
 *
 * @param url where Meta reaches the relay, path included
 */
export async function checkCallback(url: string, verifyToken: string): Promise<readonly Finding[]> {
	const challenge = String(randomInt(100_000_000, 2_000_000_000));
	const check = 'handshake';
	const right = await ask(url, { challenge, token: verifyToken });
	if (right.kind === 'no-answer') {
		return [
			{
				state: 'failed',
				check,
				detail: `${url} does not answer (${right.reason})`,
				advice: 'Meta needs a public HTTPS address with a valid certificate: check name, port, proxy and firewall.',
			},
		];
	}
	const findings: Finding[] = [];
	if (right.status === 200 && right.text === challenge)
		findings.push({ state: 'ok', check, detail: `${url} repeats the challenge` });
	else {
		findings.push({
			state: 'failed',
			check,
			detail: `${url} answers ${right.status}`,
			advice:
				right.status === 403
					? 'The running relay has a different META_VERIFY_TOKEN than this command.'
					: 'Something else answers at this address: check the path and the proxy.',
		});
		return findings;
	}
	const wrong = await ask(url, { challenge, token: `not-${challenge}` });
	findings.push(
		wrong.kind === 'answer' && wrong.status === 403
			? { state: 'ok', check: 'wrong token', detail: 'refused' }
			: {
					state: 'failed',
					check: 'wrong token',
					detail: 'not refused',
					advice: 'Something in front of the relay answers instead.',
				},
	);
	const forged = await post(url);
	findings.push(
		forged === 401
			? { state: 'ok', check: 'forged event', detail: 'refused with 401' }
			: {
					state: 'failed',
					check: 'forged event',
					detail: forged === null ? 'no answer' : `answered ${forged}`,
					advice: 'POST must reach the relay with its body unchanged: check the proxy.',
				},
	);
	if (new URL(url).protocol !== 'https:') {
		const advice =
			'Meta accepts only HTTPS: put a proxy with a certificate in front, and set RELAY_PUBLIC_URL to its address.';
		findings.push({ state: 'warning', check: 'HTTPS', detail: 'the address is plain HTTP', advice });
	}
	return findings;
}

type Answer = { kind: 'answer'; status: number; text: string } | { kind: 'no-answer'; reason: string };

async function ask(url: string, { challenge, token }: { challenge: string; token: string }): Promise<Answer> {
	const target = new URL(url);
	target.searchParams.set('hub.mode', 'subscribe');
	target.searchParams.set('hub.challenge', challenge);
	target.searchParams.set('hub.verify_token', token);
	try {
		const response = await fetch(target, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
		return { kind: 'answer', status: response.status, text: (await response.text()).slice(0, 200) };
	} catch (error) {
		return { kind: 'no-answer', reason: reasonOf(error) };
	}
}

async function post(url: string): Promise<number | null> {
	const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'content-type': 'application/json' };
	try {
		const options = {
			method: 'POST',
			headers,
			body: '{}',
			redirect: 'manual',
			signal: AbortSignal.timeout(TIMEOUT_MS),
		} as const;
		const response = await fetch(url, options);
		await response.text();
		return response.status;
	} catch {
		return null;
	}
}

/** The code in the chain of causes; the error's text would repeat the address with the token. */
function reasonOf(error: unknown): string {
	for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
		if ('code' in cause && typeof cause.code === 'string') return cause.code;
	}
	return error instanceof Error ? error.name : 'unknown';
}
