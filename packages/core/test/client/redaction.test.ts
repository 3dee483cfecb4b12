import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createInsightsClient, type InsightsClient } from '../../src/client/insights-client.ts';
import type { RequestInfo } from '../../src/client/session/session.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../../src/testing/index.ts';

const TOKEN = 'EAAplantedtokenplanted0123456789';
const IG_TOKEN = 'IGAAplantedtokenplanted0123456789';
const SECRET = '0123456789abcdef0123456789abcdef';
const link = `https://graph.facebook.com/v25.0/1784/media?access_token=${TOKEN}&appsecret_proof=${SECRET}&after=x&metric=reach`;
const week = { since: '2026-11-16', until: '2026-11-22' };

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
	const found: T[] = [];
	for await (const item of items) found.push(item);
	return found;
}

/** Every question, its outcome whatever it is. */
const QUESTIONS: Record<string, (client: InsightsClient) => Promise<unknown>> = {
	accountTotals: (client) => client.accountTotals({ metrics: ['reach', 'views'], ...week }),
	accountDaily: (client) => client.accountDaily({ metrics: ['reach', 'views'], ...week }),
	audience: (client) => client.audience({ metrics: ['follower_demographics'], breakdown: 'age' }),
	onlineFollowers: (client) => client.onlineFollowers(week),
	compare: (client) => client.compare({ metrics: ['reach'], ...week }),
	profile: (client) => client.profile(),
	accounts: (client) => client.accounts(),
	media: (client) => all(client.media({ metrics: ['reach', 'follows', 'facebook_views'], limit: 3 })),
	mediaById: (client) => client.mediaById('18000000000000001'),
	mediaInsights: (client) =>
		all(client.mediaInsights({ mediaIds: ['18000000000000001', '18000000000000002'], metrics: ['likes'] })),
	stories: (client) => all(client.stories({ metrics: ['reach'] })),
};

const dirtyAnswer: ScriptedAnswer = {
	body: {
		data: [
			{
				id: '18000000000000001',
				name: 'reach',
				timestamp: '2026-11-20T08:00:00+0000',
				total_value: { value: 3 },
				insights: { data: [], paging: { previous: link, next: link } },
				comments: { data: [], paging: { next: link } },
			},
		],
		paging: { previous: link, next: link, cursors: { after: 'A' } },
	},
};
const dirtyRefusal = (code: number, status: number): ScriptedAnswer => ({
	status,
	body: {
		error: {
			code,
			message: `Cannot read ${link} with token ${IG_TOKEN}`,
			error_user_title: TOKEN,
			error_user_msg: `Authorization: Bearer ${IG_TOKEN} and client_secret=${SECRET}`,
			fbtrace_id: `A${TOKEN}`,
			error_data: { access_token: TOKEN, url: link },
		},
	},
});
const dirtyFault = () => {
	const cause = Object.assign(new Error(`connect to ${link}`), {
		config: { headers: { Authorization: `Bearer ${TOKEN}` } },
	});
	return Object.assign(new Error(`Request failed: ${link}`, { cause }), {
		code: 'ECONNRESET',
		config: { url: link, headers: { Authorization: `Bearer ${TOKEN}` } },
	});
};

const SCRIPTS: Record<string, (index: number) => ScriptedAnswer> = {
	'answers with paging links': (index) => (index > 6 ? { body: { data: [] } } : dirtyAnswer),
	'refusals by token error': () => dirtyRefusal(190, 401),
	'refusals by metric error': () => dirtyRefusal(100, 400),
	'refusals for passing trouble': () => dirtyRefusal(2, 500),
	'refusals for the call limit': () => dirtyRefusal(80002, 400),
	'refusals of a kind unknown': () => dirtyRefusal(987654, 400),
	'network faults': dirtyFault,
	'bodies that are not JSON': () => ({ status: 200, body: `<a href="${link}">${TOKEN}</a>` }),
	'HTML error pages': () => ({ status: 502, body: `<a href="${link}">${IG_TOKEN}</a>` }),
	'answers of another shape': () => ({ body: { data: { url: link, access_token: TOKEN } } }),
};

describe.each(Object.keys(SCRIPTS))('tokens planted in %s', (name) => {
	test.each(Object.keys(QUESTIONS))('never appear in %s', async (question) => {
		for (const host of ['graph.facebook.com', 'graph.instagram.com'] as const) {
			const infos: RequestInfo[] = [];
			const transport = scriptedTransport((_, index) => SCRIPTS[name]?.(index) ?? dirtyFault());
			const client = createInsightsClient({
				host,
				transport,
				clock: manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' }),
				accountId: '17841400000000001',
				onRequest: (info) => infos.push(info),
			});
			const outcome = await QUESTIONS[question]?.(client).catch((error: unknown) => error);
			expect(outcome).toBeDefined();
			const seen =
				inspect({ outcome, infos }, { depth: 20, showHidden: true, maxStringLength: null }) + JSON.stringify(outcome);
			expect(seen).not.toMatch(/planted|0123456789abcdef|access_token=|metric=|after=x/);
			// And nothing the client itself sent carries one.
			expect(JSON.stringify(transport.requests)).not.toMatch(/planted|0123456789abcdef|access_token/);
		}
	});
});

describe('a token pasted as a setting', () => {
	test.each([TOKEN, link])('never gets into an error: %s', async (pasted) => {
		const named = (accountId: string) =>
			createInsightsClient({
				host: 'graph.facebook.com',
				transport: scriptedTransport([]),
				clock: manualClock('2026-11-23T20:00:00Z'),
				accountId,
			});
		const works = [
			named(pasted).profile(),
			named('1').profile({ fields: [pasted] }),
			named('1').accountTotals({ metrics: [pasted], ...week }),
			named('1').accountTotals({ metrics: ['reach'], ...week, breakdown: pasted }),
			named('1').accountTotals({ metrics: ['reach'], since: pasted, until: pasted }),
			all(named('1').mediaInsights({ mediaIds: [pasted], metrics: ['reach'] })),
		];
		for (const outcome of await Promise.allSettled(works)) {
			expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'invalid-query' } });
			expect(inspect(outcome, { depth: 20, showHidden: true, maxStringLength: null })).not.toMatch(/planted/);
		}
	});
});
