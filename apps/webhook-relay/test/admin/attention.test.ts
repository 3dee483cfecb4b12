import { describe, expect, test } from 'vitest';
import type { SubscriberRow } from '../../src/admin/admin-store.ts';
import { findConcerns, nameOf, type Situation } from '../../src/admin/attention.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const NOW = 1000 * DAY;

const account = (accountId: string, field: string, events = 1, lastReceivedAt = NOW) => ({
	...{ accountId, field, events, lastReceivedAt },
});
const subscriber = (changes: Partial<SubscriberRow> = {}): SubscriberRow => ({
	...{
		subscriberId: 'n8n',
		known: true,
		pause: null,
		consecutiveFailures: 0,
		heldUntil: 0,
		pending: 0,
		leased: 0,
		dead: 0,
	},
	...{ oldestPendingAt: null, lastSuccessAt: NOW, lastFailureAt: null, lastFailureReason: null },
	...changes,
});
const concernsOf = (changes: Partial<Situation>) =>
	findConcerns({
		...{ subscribers: [], accounts: [], bytes: 1e6, maxBytes: null, notStored: null, dismissed: new Map(), now: NOW },
		...{ silenceMs: DAY, retentionMs: 30 * DAY, waitingMs: MINUTE },
		...changes,
	});
const kindsOf = (changes: Partial<Situation>) => concernsOf(changes).map(({ kind }) => kind);
const kindsFor = (changes: Partial<SubscriberRow>) => kindsOf({ subscribers: [subscriber(changes)] });

describe('findConcerns of subscribers', () => {
	test('is empty while everything works, also before the first event', () => {
		expect(kindsFor({})).toEqual([]);
		expect(kindsFor({ lastSuccessAt: null })).toEqual([]);
		expect(kindsFor({ pending: 3, oldestPendingAt: NOW - MINUTE })).toEqual([]);
	});

	test('names each state that needs a person', () => {
		expect(kindsFor({ pause: { reason: 'holiday', by: 'operator', at: NOW } })).toEqual(['paused']);
		expect(kindsFor({ lastFailureAt: NOW, lastFailureReason: 'timeout', heldUntil: NOW + 1 })).toEqual(['held']);
		expect(kindsFor({ lastSuccessAt: null, lastFailureAt: NOW, lastFailureReason: 'refused' })).toEqual(['unreached']);
		expect(kindsFor({ consecutiveFailures: 1, lastFailureAt: NOW, lastFailureReason: 'dns' })).toEqual(['failing']);
		expect(kindsFor({ pending: 2, oldestPendingAt: NOW - MINUTE - 1 })).toEqual(['waiting']);
		expect(kindsFor({ dead: 1, lastFailureReason: 'http-413' })).toEqual(['dead']);
		expect(kindsFor({ known: false, pending: 1, oldestPendingAt: NOW })).toEqual(['removed']);
	});

	test('ignores a removed subscriber without waiting deliveries', () => {
		expect(kindsFor({ known: false, dead: 4, consecutiveFailures: 3 })).toEqual([]);
	});

	test('gives the advice that fits the reason', () => {
		const advice = (lastFailureReason: string) =>
			concernsOf({ subscribers: [subscriber({ lastSuccessAt: null, lastFailureAt: NOW, lastFailureReason })] })[0]
				?.advice;
		expect(advice('n8n-not-registered')).toContain('Publish the workflow');
		expect(advice('http-401')).toContain('secret or header');
		expect(advice('clock-skew')).toContain('NTP');
		expect(advice('http-500')).toContain("receiver's log");
	});

	test('lists failures before warnings', () => {
		const subscribers = [
			subscriber({ subscriberId: 'a', consecutiveFailures: 1 }),
			subscriber({ subscriberId: 'b', dead: 1 }),
		];
		expect(concernsOf({ subscribers }).map(({ subject }) => subject)).toEqual(['b', 'a']);
	});
});

describe('findConcerns of the store', () => {
	test('puts webhooks that are not stored before everything else, with the reason', () => {
		const subscribers = [subscriber({ dead: 1 })];
		const [first, second] = concernsOf({ subscribers, notStored: { since: NOW - MINUTE, reason: 'full' } });
		expect(first).toMatchObject({ kind: 'not-stored', severity: 'failed', since: NOW - MINUTE });
		expect(first?.detail).toContain('full');
		expect(second?.kind).toBe('dead');
	});

	test('warns before the largest size is reached', () => {
		expect(kindsOf({ bytes: 89e6, maxBytes: 100e6 })).toEqual([]);
		expect(kindsOf({ bytes: 91e6, maxBytes: 100e6 })).toEqual(['size']);
	});
});

describe('findConcerns of accounts', () => {
	test('warns about an account whose fields are all silent, and since when', () => {
		const accounts = [account('a', 'comments', 1, NOW - 25 * HOUR), account('a', 'messages', 1, NOW - 30 * HOUR)];
		expect(concernsOf({ accounts })).toMatchObject([{ kind: 'silent', subject: 'a', since: NOW - 25 * HOUR }]);
	});

	test.each([
		['one field still speaks', [account('a', 'comments', 1, NOW - 99 * HOUR), account('a', 'messages')]],
		['its last event is past retention', [account('a', 'comments', 1, NOW - 30 * DAY - 1)]],
		['it is the account of samples', [account('0', 'comments', 1, NOW - 2 * DAY)]],
		['the body named no account', [account('', 'unreadable', 1, NOW - 2 * DAY)]],
	])('does not warn of silence when %s', (_name, accounts) => {
		expect(kindsOf({ accounts })).toEqual([]);
	});

	test('does not warn of silence when that is switched off', () => {
		expect(kindsOf({ accounts: [account('a', 'comments', 1, NOW - 2 * DAY)], silenceMs: 0 })).toEqual([]);
	});

	test('stays quiet about a dismissed silence, and warns of the next one', () => {
		const dismissed = new Map([[nameOf({ kind: 'silent', subject: 'a' }), NOW - 5 * DAY]]);
		expect(kindsOf({ accounts: [account('a', 'comments', 1, NOW - 6 * DAY)], dismissed })).toEqual([]);
		expect(kindsOf({ accounts: [account('a', 'comments', 2, NOW - 4 * DAY)], dismissed })).toEqual(['silent']);
	});

	test('warns while most messages arrive as standby, unless dismissed', () => {
		const accounts = [account('a', 'standby', 9), account('a', 'messages', 1)];
		expect(concernsOf({ accounts })).toMatchObject([{ kind: 'standby', detail: expect.stringContaining('90 %') }]);
		expect(kindsOf({ accounts, dismissed: new Map([['standby a', NOW - DAY]]) })).toEqual([]);
		expect(kindsOf({ accounts: [account('a', 'standby', 9, NOW - 2 * DAY), account('a', 'messages', 1)] })).toEqual([]);
	});

	test.each([
		['only a few', [account('a', 'standby', 4)]],
		['not most', [account('a', 'standby', 5), account('a', 'messages', 5)]],
		['no messages', [account('a', 'comments', 99)]],
	])('does not warn of standby when there are %s', (_name, accounts) => {
		expect(kindsOf({ accounts })).toEqual([]);
	});
});
