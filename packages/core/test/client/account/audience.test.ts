import { describe, expect, test } from 'vitest';
import { BOTH_HOSTS, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand();

describe('audience', () => {
	test.each(BOTH_HOSTS)('reads followers by country and by age and gender in two requests on %s', async (host) => {
		const large = stand.world().account('large');
		const answer = await stand
			.client(host)
			.audience({ metrics: ['follower_demographics'], breakdown: ['country', 'age,gender'] });
		const [country, ageGender] = answer.insights;
		const rows = large
			.audience('follower_demographics', ['country'], 30)
			.map(({ dimensionValues, value }) => [dimensionValues.join(), value]);
		expect(country?.shape === 'breakdown' && country.buckets.map(({ bucket, value }) => [bucket, value])).toEqual(rows);
		expect(ageGender?.shape === 'breakdown' && ageGender.buckets[0]?.dimensions).toEqual(['age', 'gender']);
		expect(stand.sandbox().counts().httpRequests).toBe(2);
		expect(answer.accountId).toBe(large.id);
	});

	test('shows at most 45 cities', async () => {
		const answer = await stand
			.client('graph.facebook.com')
			.audience({ metrics: ['follower_demographics'], breakdown: 'city' });
		expect(answer.insights[0]?.shape === 'breakdown' && answer.insights[0].buckets).toHaveLength(45);
	});

	test.each(BOTH_HOSTS)(
		'returns a reason, not zeros, for an account with fewer than 100 followers on %s',
		async (host) => {
			const client = stand.client(host, { token: 'tiny' });
			const metrics = ['follower_demographics', 'engaged_audience_demographics'];
			const answer = await client.audience({ metrics, breakdown: 'gender' });
			for (const insight of answer.insights) expect(insight).toMatchObject({ shape: 'absent', reason: 'no-data' });
		},
	);

	test('requires a breakdown', async () => {
		const asked = stand.client('graph.facebook.com').audience({ metrics: ['follower_demographics'], breakdown: [] });
		await expect(asked).rejects.toMatchObject({ problems: [{ reason: 'breakdown-required' }] });
	});
});

describe('onlineFollowers', () => {
	test.each(BOTH_HOSTS)('reads the hours of several days in one request on %s', async (host) => {
		const large = stand.world().account('large');
		const answer = await stand.client(host).onlineFollowers({ since: '2026-11-18', until: '2026-11-20' });
		expect(stand.sandbox().counts().httpRequests).toBe(1);
		const [insight] = answer.insights;
		expect(insight?.shape).toBe('hours');
		const points = insight?.shape === 'hours' ? insight.points : [];
		expect(points.map(({ date }) => date)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
		for (const { date, hours } of points) {
			const truth = large.onlineFollowers(date);
			expect(Object.fromEntries(hours.map(({ hour, value }) => [String(hour), value]))).toEqual(truth);
		}
	});

	test('keeps a day that is not counted yet', async () => {
		const answer = await stand
			.client('graph.facebook.com')
			.onlineFollowers({ since: '2026-11-20', until: '2026-11-22' });
		const [insight] = answer.insights;
		const points = insight?.shape === 'hours' ? insight.points : [];
		expect(points.map(({ date, endTime, hours }) => [date, endTime, hours.length])).toEqual([
			['2026-11-20', '2026-11-21T08:00:00+0000', 24],
			['2026-11-21', '2026-11-22T08:00:00+0000', 0],
			['2026-11-22', '2026-11-23T08:00:00+0000', 0],
		]);
		expect(answer.notes.map(({ code }) => code)).toEqual(['data-lag']);
	});

	test('works without dates', async () => {
		const answer = await stand.client('graph.instagram.com').onlineFollowers();
		expect(answer).not.toHaveProperty('since');
		expect(answer.insights).toHaveLength(1);
	});
});
