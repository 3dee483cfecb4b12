import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask, clock } = sandboxForFile({ callBudget: 200 });
const ME = 'graph.instagram.com/v25.0/me';

type Usage = { call_count: number; estimated_time_to_regain_access: number; type: string };
const usageOf = (headers: Headers): Usage | undefined => {
	const text = headers.get('x-business-use-case-usage');
	if (text === null) return undefined;
	return (JSON.parse(text) as Record<string, Usage[]>)['17841401714833111']?.[0];
};

describe('createUsage', () => {
	test('says nothing before the first percent, then rises with every call', async () => {
		const shares: (number | undefined)[] = [];
		for (let call = 0; call < 6; call++)
			shares.push(usageOf((await ask(ME, 'IGAA-sandbox-bakery')).headers)?.call_count);
		expect(shares).toEqual([undefined, 1, 1, 2, 2, 3]);
	});

	test('refuses the twenty-first call of the small budget and says how long to wait', async () => {
		const token = 'IGAA-sandbox-bakery-small-budget';
		for (let call = 1; call <= 20; call++) {
			const reply = await ask(ME, token);
			expect([reply.status, usageOf(reply.headers)?.call_count]).toEqual([200, call * 5]);
			clock.pass(60_000);
		}
		const refused = await ask(ME, token);
		expect(refused.body.error?.code).toBe(80002);
		// The first call was twenty minutes ago; it leaves the hour in forty.
		expect(usageOf(refused.headers)).toMatchObject({ call_count: 100, estimated_time_to_regain_access: 40 });
		clock.pass(40 * 60_000);
		expect((await ask(ME, token)).status).toBe(200);
	});

	test('refuses every call of a token that is over its limit', async () => {
		const reply = await ask('graph.facebook.com/v25.0/17841401714833111', 'EAA-sandbox-bakery-rate-limited');
		expect(reply.status).toBe(400);
		expect(reply.body.error).toMatchObject({ code: 80002, type: 'OAuthException' });
		expect(usageOf(reply.headers)).toMatchObject({
			type: 'instagram',
			call_count: 100,
			estimated_time_to_regain_access: 17,
		});
		expect(JSON.parse(reply.headers.get('x-app-usage') ?? '{}')).toMatchObject({ call_count: 20 });
	});

	test('counts each item of a batch', async () => {
		await ask(`graph.facebook.com/v25.0/`, 'EAA-sandbox-bakery', {
			form: {
				batch: JSON.stringify(Array.from({ length: 20 }, () => ({ method: 'GET', relative_url: '17841401714833111' }))),
			},
		});
		const { headers } = await ask('graph.facebook.com/v25.0/17841401714833111', 'EAA-sandbox-bakery');
		expect(usageOf(headers)?.call_count).toBe(10);
	});
});
