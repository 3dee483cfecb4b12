import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile();
const ME = 'graph.instagram.com/v25.0/me?fields=username';
const meet = (scenario: string) => ask(ME, 'IGAA-sandbox-bakery', { headers: { 'x-sandbox-scenario': scenario } });

describe('createScenarioBook', () => {
	const me = (token = 'IGAA-sandbox-bakery') => ask(ME, token);

	test('meets a scenario only as often as asked', async () => {
		sandbox().setScenario({ scenario: 'transient*2' });
		expect([(await me()).status, (await me()).status, (await me()).status]).toEqual([500, 500, 200]);
	});

	test('matches host, account and path', async () => {
		sandbox().setScenario({ scenario: 'transient', host: 'graph.instagram.com', account: 'tiny', path: '/insights' });
		expect((await me('IGAA-sandbox-tiny')).status).toBe(200);
		const insights = 'graph.instagram.com/v25.0/me/insights?metric=reach&period=day';
		expect((await ask(insights, 'IGAA-sandbox-tiny')).status).toBe(500);
		expect((await ask(insights, 'IGAA-sandbox-bakery')).status).toBe(200);
	});

	test('reads a scenario from the end of the token', async () => {
		expect((await me('IGAA-sandbox-bakery+transient*1')).status).toBe(500);
		expect((await me('IGAA-sandbox-bakery+transient*1')).status).toBe(200);
		expect((await me('IGAA-sandbox-tiny-expired+truncated-json')).status).toBe(200);
	});

	test('lets the header go before the token, and the token before the rules', async () => {
		sandbox().setScenario({ scenario: 'rate-limit-user' });
		const token = 'IGAA-sandbox-bakery+rate-limit-page';
		expect((await meet('strange')).body.error?.code).toBe(987654);
		expect((await me(token)).body.error?.code).toBe(32);
		expect((await me()).body.error?.code).toBe(17);
	});

	test('answers 400, and nothing like Meta, for a scenario that does not exist', async () => {
		const reply = await meet('catastrophe');
		expect(reply.status).toBe(400);
		expect(reply.body.error).toBeUndefined();
		expect(String(reply.body.sandbox_error)).toContain('no scenario "catastrophe". Known: transient');
		expect(() => sandbox().setScenario({ scenario: 'catastrophe' })).toThrow(/no scenario/);
	});
});
