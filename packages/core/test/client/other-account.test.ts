import { describe, expect, test } from 'vitest';
import { readUsername } from '../../src/client/other-account.ts';
import { sandboxStand } from './sandbox-stand.ts';

const stand = sandboxStand();
const looking = () => stand.client('graph.facebook.com', { token: 'bakery' });
async function idsOf(pages: AsyncIterable<{ media: readonly { id: string }[] }>): Promise<string[]> {
	const ids: string[] = [];
	for await (const { media } of pages) ids.push(...media.map(({ id }) => id));
	return ids;
}

describe('otherAccount', () => {
	test('reads the profile and the latest posts in one request', async () => {
		const large = stand.world().account('large');
		const { profile, media } = await looking().otherAccount('@northwind.trails', { posts: 12 });
		expect(profile).toMatchObject({ id: large.id, username: large.username, followers_count: large.followersNow() });
		expect(media.map(({ id }) => id)).toEqual(
			large
				.media()
				.slice(0, 12)
				.map(({ id }) => id),
		);
		expect(stand.sent()).toHaveLength(1);
	});

	test('says that personal accounts appear not to exist', async () => {
		const error = await looking()
			.otherAccount('nobody.here')
			.catch((caught: unknown) => caught);
		expect(error).toMatchObject({ kind: 'not-found', graph: { code: 110, subcode: 2_207_013 } });
		expect((error as { advice: string }).advice).toContain('professional');
		expect(stand.sent()).toHaveLength(1);
	});

	test('sends nothing with Instagram Login, which cannot read other accounts', async () => {
		const client = stand.client('graph.instagram.com', { token: 'bakery' });
		await expect(client.otherAccount('northwind.trails')).rejects.toMatchObject({ kind: 'invalid-query' });
		expect(stand.sent()).toEqual([]);
	});
});

describe('otherMedia', () => {
	test.each([1, 49, 50, 51, 120])('reads the newest %i posts, each once', async (limit) => {
		const newest = stand.world().account('large').media().slice(0, limit);
		expect(await idsOf(looking().otherMedia({ username: 'northwind.trails', limit }))).toEqual(
			newest.map(({ id }) => id),
		);
	});

	test('reads all of them when no limit is given', async () => {
		const all = stand.world().account('bakery').media();
		const client = stand.client('graph.facebook.com', { token: 'large' });
		expect(await idsOf(client.otherMedia({ username: 'casa.canela.bakery' }))).toEqual(all.map(({ id }) => id));
	});

	test('reads only the date range, and stops at older posts', async () => {
		const since = new Date('2026-11-01T00:00:00Z');
		const until = new Date('2026-11-15T00:00:00Z');
		const wanted = stand
			.world()
			.account('large')
			.media()
			.filter(({ timestamp }) => timestamp >= since.getTime() && timestamp < until.getTime());
		expect(wanted.length).toBeGreaterThan(10);
		expect(await idsOf(looking().otherMedia({ username: 'northwind.trails', since, until }))).toEqual(
			wanted.map(({ id }) => id),
		);
		expect(stand.sent().length).toBeLessThanOrEqual(2);
	});

	test.each([{ limit: 0 }, { limit: -5 }, { since: new Date('soon') }, { until: new Date('soon') }])(
		'refuses %j before anything is sent, instead of returning nothing',
		async (wrong) => {
			const reading = idsOf(looking().otherMedia({ username: 'northwind.trails', ...wrong }));
			await expect(reading).rejects.toMatchObject({ kind: 'invalid-query' });
			expect(stand.sent()).toEqual([]);
		},
	);

	test('is empty for an account without posts', async () => {
		expect(await idsOf(looking().otherMedia({ username: 'just.opened.today' }))).toEqual([]);
	});
});

describe('readUsername', () => {
	test.each([
		['natgeo', 'natgeo'],
		['@NatGeo', 'natgeo'],
		[' nat.geo_1 ', 'nat.geo_1'],
		['https://www.instagram.com/natgeo/', 'natgeo'],
		['instagram.com/natgeo?igsh=abc', 'natgeo'],
		['http://instagram.com/NatGeo', 'natgeo'],
	])('reads %s', (text, name) => {
		expect(readUsername(text)).toBe(name);
	});

	test.each(['', '@', 'nat geo', 'https://www.instagram.com/p/C1/', 'a'.repeat(31), 'x){id}', 'näme'])(
		'refuses "%s" before anything is sent',
		(text) => {
			expect(() => readUsername(text)).toThrow(/is not an Instagram user name/);
		},
	);
});
