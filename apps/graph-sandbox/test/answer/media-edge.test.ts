import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox, clock } = sandboxForFile();
const LARGE = 'graph.facebook.com/v25.0/17841401714833121';
const COMMON = 'insights.metric(reach,views,likes,comments,saved,shares,reposts,total_interactions)';

const media = (query: string, token = 'EAA-sandbox-large') => ask(`${LARGE}/media?${query}`, token);
const bakery = (query: string) => ask(`graph.instagram.com/v25.0/me/media?${query}`, 'IGAA-sandbox-bakery');

describe('mediaEdge', () => {
	test('lists the newest first, 25 a page, ids as strings beyond 2^53', async () => {
		const { body } = await bakery('fields=id,timestamp');
		expect(body.data).toHaveLength(25);
		expect(body.data?.map((item) => item.id)).toEqual(
			sandbox()
				.world.account('bakery')
				.media()
				.slice(0, 25)
				.map((item) => item.id),
		);
		expect(Number(body.data?.[0]?.id)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
	});

	test('answers a limit over 100 as 100', async () => {
		expect((await bakery('limit=500')).body.data).toHaveLength(100);
	});

	test('walks every post once by the after cursor, and the last page has no next', async () => {
		const seen: string[] = [];
		let after = '';
		for (let page = 0; page < 10; page++) {
			const { body } = await bakery(`limit=70${after}`);
			seen.push(...(body.data ?? []).map((item) => item.id));
			if (body.paging?.next === undefined) break;
			after = `&after=${body.paging.cursors?.after}`;
		}
		expect(seen).toEqual(
			sandbox()
				.world.account('bakery')
				.media()
				.map((item) => item.id),
		);
	});

	test('goes back by the before cursor', async () => {
		const first = await bakery('limit=10');
		const second = await bakery(`limit=10&after=${first.body.paging?.cursors?.after}`);
		const back = await bakery(`limit=10&before=${second.body.paging?.cursors?.before}`);
		expect(back.body.data).toEqual(first.body.data);
	});

	test('puts the token into next, and following it works', async () => {
		const { body } = await bakery('limit=10&fields=id,media_type');
		expect(body.paging?.next).toContain('access_token=IGAA-sandbox-bakery');
		const followed = await fetch(body.paging?.next ?? '');
		expect(((await followed.json()) as { data: unknown[] }).data).toHaveLength(10);
	});

	test('filters by since and until', async () => {
		const { body } = await bakery('since=2026-11-01&until=2026-11-10&fields=timestamp&limit=100');
		const times = body.data?.map((item) => String(item.timestamp)) ?? [];
		expect(times.length).toBeGreaterThan(0);
		expect(times.every((time) => time >= '2026-11-01T07:00:00' && time <= '2026-11-10T08:00:00')).toBe(true);
	});

	test('refuses an unknown cursor', async () => {
		expect((await bakery('after=bm90LW91cnM')).body.error?.code).toBe(100);
	});

	test('reads the insights of a hundred posts in one call', async () => {
		const reply = await bakery(`limit=100&fields=id,media_product_type,${COMMON}{name,values}`);
		expect(reply.status).toBe(200);
		const first = reply.body.data?.[0];
		const own = sandbox().world.account('bakery').media()[0];
		if (own === undefined) throw new Error('no posts');
		expect(first?.insights?.data).toHaveLength(8);
		expect(first?.insights?.data[0]).toEqual({
			name: 'reach',
			values: [{ value: sandbox().world.account('bakery').mediaMetric(own, 'reach') }],
			id: `${own.id}/insights/reach/lifetime`,
		});
	});

	test('fails the whole page for one post from before the conversion', async () => {
		const boundary = sandbox()
			.world.account('large')
			.media()
			.find((item) => item.beforeConversion);
		const since = Math.floor((boundary?.timestamp ?? 0) / 1000);
		const { status, body } = await media(`limit=100&fields=id,insights.metric(reach)&since=${since}&until=${since}`);
		expect(status).toBe(400);
		expect(body.error?.error_subcode).toBe(2108006);
		expect(body.data).toBeUndefined();
	});

	test('fails the whole page for one ad among the posts', async () => {
		const { body } = await media('limit=100&fields=id,insights.metric(reach)');
		expect(body.error?.message).toContain('does not support the reach metric for this media product type');
	});

	test('does not look at the metrics of an empty page', async () => {
		const reply = await ask(
			'graph.instagram.com/v25.0/me/media?fields=id,insights.metric(engagement)',
			'IGAA-sandbox-brand-new',
		);
		expect([reply.status, reply.body.data]).toEqual([200, []]);
	});

	test('asks for less data when objects are nested in a full page', async () => {
		const full = await media('limit=100&fields=id,children{id,media_type}');
		const half = await media('limit=50&fields=id,children{id,media_type}');
		expect(full.status).toBe(500);
		expect(full.body.error).toMatchObject({ code: 1 });
		expect(full.body.error?.message).toContain('Please reduce the amount of data');
		expect(half.status).toBe(200);
	});

	test('asks for less data at ninety too, and for a heavier question at fifty', async () => {
		const children = 'children{id,media_type}';
		expect((await media(`limit=90&fields=id,${children}`)).status).toBe(500);
		expect((await media(`limit=50&fields=id,${children},owner{id}`)).status).toBe(500);
		expect((await media(`limit=25&fields=id,${children},owner{id}`)).status).toBe(200);
		const inside = await ask(`${LARGE}?fields=media.limit(90){id,${children}}`, 'EAA-sandbox-large');
		expect(inside.body.error?.code).toBe(1);
	});

	test('counts every post in media_count, and a published one at once', async () => {
		const count = async () =>
			(await ask('graph.instagram.com/v25.0/me?fields=media_count', 'IGAA-sandbox-tiny')).body.media_count;
		expect(await count()).toBe(6);
		const added = sandbox().world.account('tiny').publish({ caption: 'New' });
		expect(await count()).toBe(7);
		const listed = await ask('graph.instagram.com/v25.0/me/media?fields=id,caption&limit=1', 'IGAA-sandbox-tiny');
		expect(listed.body.data).toEqual([{ id: added.id, caption: 'New' }]);
		sandbox().world.account('tiny').remove(added.id);
	});
});

describe('storiesEdge', () => {
	const stories = () => ask(`${LARGE}/stories?fields=id,timestamp,media_product_type&limit=50`, 'EAA-sandbox-large');

	test('lists only what is younger than 24 hours', async () => {
		const { body } = await stories();
		expect(body.data).toHaveLength(12);
		const ages = body.data?.map((item) => clock.now().getTime() - Date.parse(String(item.timestamp))) ?? [];
		expect(ages.every((age) => age >= 0 && age < 24 * 3_600_000)).toBe(true);
		expect(body.data?.every((item) => item.media_product_type === 'STORY')).toBe(true);
	});

	test('always has one that is nearly over, and another story follows it', async () => {
		const before = (await stories()).body.data?.map((item) => item.id) ?? [];
		clock.pass(3_600_000);
		const after = (await stories()).body.data?.map((item) => item.id) ?? [];
		expect(after).toHaveLength(12);
		expect(after).not.toContain(before.at(-1));
		expect(after.slice(1)).toEqual(before.slice(0, -1));
	});

	test('is not part of the media list', async () => {
		const [story] = (await stories()).body.data ?? [];
		const { body } = await media('limit=100&fields=id');
		expect(body.data?.map((item) => item.id)).not.toContain(story?.id);
	});
});
