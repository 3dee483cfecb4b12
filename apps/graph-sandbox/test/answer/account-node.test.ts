import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile();
const me = (fields: string) => ask(`graph.instagram.com/v25.0/me?fields=${fields}`, 'IGAA-sandbox-bakery');
const byId = (fields: string) =>
	ask(`graph.facebook.com/v25.0/17841401714833111?fields=${fields}`, 'EAA-sandbox-bakery');

describe('accountNode', () => {
	test('tells the professional id apart from the app-scoped one', async () => {
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

	test('lets the follower count move with the days', async () => {
		const bakery = sandbox().world.account('bakery');
		bakery.setFollowers(5000);
		expect((await me('followers_count')).body.followers_count).toBe(5000);
	});
});

describe('mediaFields', () => {
	const media = (id: string, fields: string, host: 'instagram' | 'facebook' = 'facebook') =>
		ask(
			`graph.${host}.com/v25.0/${id}?fields=${fields}`,
			host === 'facebook' ? 'EAA-sandbox-large' : 'IGAA-sandbox-large',
		);
	const find = (kind: string) => {
		const found = sandbox()
			.world.account('large')
			.media()
			.find((item) => item.mediaType === kind && !item.likesHidden);
		if (found === undefined) throw new Error(`no ${kind}`);
		return found;
	};

	test('counts agree with the insights of the same medium', async () => {
		const image = find('IMAGE');
		const large = sandbox().world.account('large');
		expect((await media(image.id, 'like_count,comments_count,saved_count,shares_count')).body).toEqual({
			like_count: large.mediaMetric(image, 'likes'),
			comments_count: large.mediaMetric(image, 'comments'),
			saved_count: large.mediaMetric(image, 'saved'),
			shares_count: large.mediaMetric(image, 'shares'),
			id: image.id,
		});
	});

	test('leaves the Facebook counts out on Instagram', async () => {
		const { body } = await media(find('IMAGE').id, 'media_type,saved_count,total_views_count', 'instagram');
		expect(Object.keys(body)).toEqual(['media_type', 'id']);
	});

	test('refuses the risky fields with codes of their own', async () => {
		const image = find('IMAGE');
		expect((await media(image.id, 'view_count')).body.error?.code).toBe(36104);
		expect((await media(image.id, 'copyright_check_information')).body.error).toMatchObject({
			code: 9005,
			error_subcode: 1452042,
		});
		expect((await media(image.id, 'branded_content_partner')).body.error?.message).toBe(
			'(#100) Tried accessing nonexisting field (branded_content_partner) on node type (ShadowIGMedia)',
		);
	});

	test('hides like_count where the owner hid it', async () => {
		const hidden = sandbox()
			.world.account('large')
			.media()
			.find((item) => item.likesHidden);
		const { body } = await media(hidden?.id ?? '', 'like_count,comments_count');
		expect(Object.keys(body)).toEqual(['comments_count', 'id']);
	});

	test('lists the pictures of an album without counts and without permalink', async () => {
		const album = find('CAROUSEL_ALBUM');
		const reply = await ask(
			`graph.facebook.com/v25.0/${album.id}/children?fields=id,media_type,permalink,like_count`,
			'EAA-sandbox-large',
		);
		expect(reply.body.data?.map((child) => child.id)).toEqual(album.childIds);
		expect(Object.keys(reply.body.data?.[0] ?? {})).toEqual(['id', 'media_type']);
	});

	test('answers an unknown id as not found', async () => {
		const facebook = await media('18120000000000099', 'id');
		const instagram = await media('18120000000000099', 'id', 'instagram');
		expect(facebook.body.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
		expect(instagram.body.error).toMatchObject({ code: 100, error_subcode: 33, type: 'IGApiException' });
	});

	test('does not know a path below an edge', async () => {
		const reply = await ask('graph.facebook.com/v25.0/17841401714833111/nothing', 'EAA-sandbox-bakery');
		expect(reply.body.error).toMatchObject({ code: 2500, message: 'Unknown path components: /nothing' });
	});
});
