import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox, clock } = sandboxForFile();
const me = (fields: string) => ask(`graph.instagram.com/v25.0/me?fields=${fields}`, 'IGAA-sandbox-bakery');
const byId = (fields: string) =>
	ask(`graph.facebook.com/v25.0/17841401714833111?fields=${fields}`, 'EAA-sandbox-bakery');

describe('accountNode', () => {
	test('distinguishes the professional id from the app-scoped one', async () => {
		const { body } = await me('id,user_id,username,account_type,followers_count');
		expect(body).toEqual({
			id: '25810472911300111',
			user_id: '17841401714833111',
			username: 'casa.canela.bakery',
			account_type: 'BUSINESS',
			followers_count: 4812,
		});
	});

	test('reaches the account by either id on Instagram', async () => {
		for (const id of ['17841401714833111', '25810472911300111']) {
			const { body } = await ask(`graph.instagram.com/v25.0/${id}?fields=username`, 'IGAA-sandbox-bakery');
			expect(body.username).toBe('casa.canela.bakery');
		}
	});

	test('leaves an unknown field out on Instagram and refuses it on Facebook', async () => {
		const instagram = await me('username,is_published,nonsense');
		const facebook = await byId('username,nonsense');
		expect(instagram.body).toEqual({ username: 'casa.canela.bakery', id: '25810472911300111' });
		expect(facebook.body.error).toMatchObject({
			code: 100,
			message: '(#100) Tried accessing nonexisting field (nonsense) on node type (ShadowIGUser)',
		});
	});

	test('has no user_id and no account_type on Facebook', async () => {
		expect((await byId('user_id')).status).toBe(400);
		expect((await byId('account_type')).status).toBe(400);
		expect((await byId('id,name')).body).toEqual({ id: '17841401714833111', name: 'Casa Canela' });
	});

	test('answers insights asked inside the account', async () => {
		const { body } = await byId(
			'followers_count,insights.metric(reach).period(day).metric_type(total_value).since(2026-11-08).until(2026-11-15)',
		);
		const nested = body.insights as { data: { total_value: { value: number } }[] };
		expect(nested.data[0]?.total_value.value).toBe(
			sandbox().world.account('bakery').total('reach', '2026-11-08', '2026-11-14'),
		);
	});

	test('lists media and stories asked inside the account', async () => {
		const { body } = await me('media.limit(2){id,media_type},stories{id}');
		expect((body.media as { data: object[] }).data).toHaveLength(2);
		expect((body.stories as { data: object[] }).data).toHaveLength(3);
	});

	test('lets the follower count move by who came and went, until it is set', async () => {
		const bakery = sandbox().world.account('bakery');
		clock.set('2026-11-22T20:00:00Z');
		const moved = ['2026-11-20', '2026-11-21'].map(
			(day) => (bakery.onDay('follower_count', day) ?? Number.NaN) - (bakery.onDay('unfollows', day) ?? Number.NaN),
		);
		expect((await me('followers_count')).body.followers_count).toBe(4812 + (moved[0] ?? 0) + (moved[1] ?? 0));
		bakery.setFollowers(5000);
		expect((await me('followers_count')).body.followers_count).toBe(5000);
	});
});
