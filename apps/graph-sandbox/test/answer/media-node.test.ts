import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile();

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

	test('says of a removed medium, and of the pictures of a removed album, that they cannot be found', async () => {
		const large = sandbox().world.account('large');
		const album = find('CAROUSEL_ALBUM');
		large.remove(album.id);
		for (const id of [album.id, album.childIds[0] ?? '']) {
			const text = `The media with ${id} cannot be found`;
			const facebook = await media(id, 'id');
			expect([facebook.status, facebook.body.error?.error_user_msg]).toEqual([400, text]);
			expect(facebook.body.error).toMatchObject({ code: 24, error_subcode: 2207006, type: 'OAuthException' });
			expect((await media(id, 'id', 'instagram')).body.error).toMatchObject({ code: 24, message: text });
			const insights = await ask(`graph.facebook.com/v25.0/${id}/insights?metric=reach`, 'EAA-sandbox-large');
			expect(insights.body.error?.error_subcode).toBe(2207006);
		}
		const stranger = await ask(`graph.facebook.com/v25.0/${album.id}`, 'EAA-sandbox-tiny');
		expect(stranger.body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});

	test('reads anything but a number as a name on Facebook', async () => {
		const { status, body } = await ask('graph.facebook.com/v25.0/northwind.trails', 'EAA-sandbox-large');
		expect([status, body.error?.code, body.error?.message]).toEqual([
			404,
			803,
			'(#803) Some of the aliases you requested do not exist: northwind.trails',
		]);
		const instagram = await ask('graph.instagram.com/v25.0/northwind.trails', 'IGAA-sandbox-large');
		expect(instagram.body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});

	test('knows collaborators on Facebook only', async () => {
		const image = find('IMAGE');
		const edge = (host: string, token: string) => ask(`${host}/v25.0/${image.id}/collaborators`, token);
		expect((await edge('graph.facebook.com', 'EAA-sandbox-large')).body.data).toEqual([]);
		expect((await edge('graph.instagram.com', 'IGAA-sandbox-large')).body.error?.code).toBe(2500);
	});

	test('does not know a path below an edge', async () => {
		const reply = await ask('graph.facebook.com/v25.0/17841401714833111/nothing', 'EAA-sandbox-bakery');
		expect(reply.body.error).toMatchObject({ code: 2500, message: 'Unknown path components: /nothing' });
	});
});
