import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile();
const discover = (username: string, fields: string, token = 'EAA-sandbox-bakery') =>
	ask(
		`graph.facebook.com/v25.0/17841401714833111?fields=${encodeURIComponent(`business_discovery.username(${username}){${fields}}`)}`,
		token,
	);
type Found = { readonly media?: { data: { id: string }[]; paging?: object }; readonly [field: string]: unknown };

describe('businessDiscovery', () => {
	test('answers the public fields of an account the token does not reach', async () => {
		const { body } = await discover('northwind.trails', 'username,followers_count,media_count');
		const large = sandbox().world.account('large');
		expect(body).toEqual({
			business_discovery: {
				username: 'northwind.trails',
				followers_count: large.followersNow(),
				media_count: large.media().length,
				id: large.id,
			},
			id: '17841401714833111',
		});
	});

	test('refuses a name without a professional account as Meta does', async () => {
		const { status, body } = await discover('nobody.here', 'id');
		expect(status).toBe(400);
		expect(body.error).toMatchObject({
			code: 110,
			error_subcode: 2_207_013,
			error_user_title: 'Cannot find User',
			error_user_msg: 'The user with username: nobody.here cannot be found.',
		});
	});

	test('pages the media by cursors, without a link to the next page', async () => {
		const first = (await discover('northwind.trails', 'media.limit(2){id}')).body.business_discovery as Found;
		const { cursors } = (first.media?.paging ?? {}) as { cursors: { after: string } };
		expect(Object.keys(first.media?.paging ?? {})).toEqual(['cursors']);
		const next = (await discover('northwind.trails', `media.limit(2).after(${cursors.after}){id}`)).body
			.business_discovery as Found;
		const newest = sandbox().world.account('large').media().slice(0, 4);
		expect([...(first.media?.data ?? []), ...(next.media?.data ?? [])].map(({ id }) => id)).toEqual(
			newest.map(({ id }) => id),
		);
	});

	test.each(['insights', 'media{insights}', 'media{saved_count}', 'stories'])('has no %s', async (fields) => {
		expect((await discover('northwind.trails', fields)).body.error).toMatchObject({ code: 100 });
	});

	test('requires the permissions of insights', async () => {
		expect(
			(await discover('northwind.trails', 'id', 'EAA-sandbox-bakery-no-insights-permission')).body.error?.code,
		).toBe(10);
	});

	test('is not there with Instagram Login', async () => {
		const fields = encodeURIComponent('business_discovery.username(northwind.trails){id}');
		const { body } = await ask(`graph.instagram.com/v25.0/me?fields=${fields}`, 'IGAA-sandbox-bakery');
		expect(body.business_discovery).toBeUndefined();
	});
});
