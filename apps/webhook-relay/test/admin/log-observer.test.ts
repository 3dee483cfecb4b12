import { manualClock } from '@instagram-insights/core/testing';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { logObserver } from '../../src/admin/log-observer.ts';
import { pollUntil } from '../poll-until.ts';

type Line = { reason?: string; outcome?: string; wouldMatch?: string; leftOut?: number };

const times = { receivedAt: 0, committingMs: null, answeredMs: 1, traceparent: undefined };
const refused = (reason: 'mismatch' | 'missing-header', otherSecret: string | null) =>
	({ kind: 'refused', reason, otherSecret, ...times }) as const;

function startLog() {
	const lines: Line[] = [];
	const clock = manualClock('2026-11-23T12:00:00Z');
	const write = (text: string) => {
		const { reason, outcome, wouldMatch, leftOut }: Line = JSON.parse(text);
		lines.push(
			Object.fromEntries(Object.entries({ reason, outcome, wouldMatch, leftOut }).filter(([, value]) => value)),
		);
	};
	return { log: logObserver(pino({ level: 'debug' }, { write }), clock), lines, clock };
}

describe('logObserver', () => {
	test('logs one line a minute for a flood of forged requests, with their number', async () => {
		const { log, lines, clock } = startLog();
		for (let forged = 0; forged < 1000; forged += 1) log.see(refused('mismatch', null));
		expect(lines).toEqual([{ reason: 'mismatch' }]);
		await clock.advance(60_000);
		await pollUntil('the count', () => lines.length === 2);
		expect(lines[1]).toEqual({ reason: 'mismatch', leftOut: 998 });
		log.see(refused('mismatch', null));
		expect(lines).toHaveLength(2);
		await clock.advance(60_000);
		await pollUntil('the last of them', () => lines.length === 3);
		expect(lines[2]).toEqual({ reason: 'mismatch' });
	});

	test('writes at once after a quiet minute', async () => {
		const { log, lines, clock } = startLog();
		log.see(refused('mismatch', null));
		await clock.advance(60_000);
		await pollUntil('the next line', () => {
			log.see(refused('mismatch', null));
			return lines.length === 2;
		});
	});

	test('throttles each reason, each matching secret and handshakes separately', () => {
		const { log, lines } = startLog();
		log.see(refused('mismatch', null));
		log.see(refused('mismatch', 'facebook'));
		log.see(refused('missing-header', null));
		log.see({ kind: 'handshake', outcome: 'wrong-token' });
		log.see({ kind: 'handshake', outcome: 'wrong-token' });
		expect(lines).toEqual([
			{ reason: 'mismatch' },
			{ reason: 'mismatch', wouldMatch: 'facebook' },
			{ reason: 'missing-header' },
			{ outcome: 'wrong-token' },
		]);
	});

	test('writes every accepted handshake', () => {
		const { log, lines } = startLog();
		log.see({ kind: 'handshake', outcome: 'accepted' });
		log.see({ kind: 'handshake', outcome: 'accepted' });
		expect(lines).toHaveLength(2);
	});

	test('logs the remaining count when it is closed', async () => {
		const { log, lines } = startLog();
		for (let forged = 0; forged < 3; forged += 1) log.see(refused('mismatch', null));
		log.close();
		await pollUntil('the count', () => lines.length === 2);
		expect(lines[1]).toEqual({ reason: 'mismatch', leftOut: 1 });
	});
});
