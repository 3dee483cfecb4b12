import { describe, expect, test } from 'vitest';
import { useSandbox } from '../../ask-sandbox.mts';

const { sandbox, ask } = useSandbox();
const large = () => sandbox().world.account('large');
const get = { resource: 'otherAccount', operation: 'get' };
const getMedia = { resource: 'otherAccount', operation: 'getMedia' };

describe('otherAccount: get', () => {
	test('returns one row per account, in the order given, for one request each', async () => {
		const { rows, httpRequests } = await ask('facebookLogin', { ...get, username: '@Northwind.Trails, pots.by.ines' });
		expect(rows).toEqual([
			expect.objectContaining({
				account_id: large().id,
				username: 'northwind.trails',
				followers_count: large().followersNow(),
				posts_averaged: 25,
				unavailable: '',
			}),
			expect.objectContaining({ username: 'pots.by.ines', posts_averaged: 6 }),
		]);
		// One more looks for the account that asks.
		expect(httpRequests).toBe(3);
	});

	// The sandbox's truth of the latest 25 posts; likes of posts that hide them are left out of the mean.
	test('averages the likes and comments of the latest posts', async () => {
		const { rows } = await ask('facebookLogin', { ...get, username: 'northwind.trails' });
		const latest = large().media().slice(0, 25);
		const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
		const likes = latest.filter(({ likesHidden }) => !likesHidden).map((one) => large().mediaMetric(one, 'likes') ?? 0);
		const comments = latest.map((one) => large().mediaMetric(one, 'comments') ?? 0);
		expect(rows[0]?.likes_per_post).toBeCloseTo(mean(likes), 6);
		expect(rows[0]?.comments_per_post).toBeCloseTo(mean(comments), 6);
	});

	test('returns a row with the reason for an account that cannot be read', async () => {
		const { rows, hints } = await ask('facebookLogin', { ...get, username: 'nobody.here, northwind.trails' });
		expect(rows).toEqual([
			expect.objectContaining({
				username: 'nobody.here',
				followers_count: null,
				unavailable: expect.stringMatching(/^account: not-found/),
			}),
			expect.objectContaining({ username: 'northwind.trails', unavailable: '' }),
		]);
		expect(hints.join(' ')).toContain('professional');
	});

	test('does so with the columns of the posts of others, too', async () => {
		const { rows } = await ask('facebookLogin', {
			...getMedia,
			username: '["nobody.here", "northwind.trails"]',
			limit: 2,
		});
		expect(rows.map(({ username, id }) => [username, typeof id])).toEqual([
			['nobody.here', 'object'],
			['northwind.trails', 'string'],
			['northwind.trails', 'string'],
		]);
		expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1);
		expect(rows[0]?.unavailable).toMatch(/^account: not-found/);
	});

	test('needs one own account to ask with', async () => {
		const account = { __rl: true, mode: 'list', value: 'all' };
		const asked = ask('facebookLogin', { ...get, account, username: 'northwind.trails' }, { token: 'agency' });
		await expect(asked).rejects.toThrow('Account: One of your accounts makes this request.');
	});

	test.each([get, getMedia])(
		'asks with the first account of a token that reaches several: $operation',
		async (base) => {
			const usernames = 'northwind.trails, pots.by.ines, casa.canela.bakery';
			const { rows, requests } = await ask(
				'facebookLogin',
				{ ...base, username: usernames, limit: 1 },
				{ token: 'agency' },
			);
			expect(rows.map(({ username }) => username)).toEqual(usernames.split(', '));
			const paths = requests.map(({ url }) => new URL(url).pathname.split('/').at(-1));
			const { id } = sandbox().world.account('bakery');
			expect(paths).toEqual(['accounts', id, id, id]);
		},
	);

	test('fails if the only account cannot be read, and says which accounts can', async () => {
		await expect(ask('facebookLogin', { ...get, username: 'nobody.here' })).rejects.toThrow(/nobody\.here/);
	});

	test.each(['', ' , ', 'nat geo'])('refuses the user name "%s" before anything is sent', async (username) => {
		await expect(ask('facebookLogin', { ...get, username })).rejects.toThrow(/[Uu]ser ?name/);
		expect(
			sandbox()
				.requests()
				.filter(({ path }) => !path.endsWith('/accounts')),
		).toEqual([]);
	});

	test('says that it takes Facebook Login', async () => {
		await expect(ask('instagramLogin', { ...get, username: 'northwind.trails' })).rejects.toThrow(/Facebook Login/);
		expect(sandbox().requests()).toEqual([]);
	});
});

describe('otherAccount: getMedia', () => {
	test('returns the newest posts with what others can see', async () => {
		const { rows } = await ask('facebookLogin', { ...getMedia, username: 'northwind.trails', limit: 60 });
		const newest = large().media().slice(0, 60);
		expect(rows.map(({ id }) => id)).toEqual(newest.map(({ id }) => id));
		for (const [index, media] of newest.entries()) {
			const row = rows[index];
			expect(row?.like_count).toBe(media.likesHidden ? null : large().mediaMetric(media, 'likes'));
			expect(row?.account_id).toBe(large().id);
			if (media.likesHidden) expect(row?.unavailable).toContain('like_count: withheld');
		}
	});

	test('says so if the account has no posts', async () => {
		const { rows, hints } = await ask('facebookLogin', { ...getMedia, username: 'just.opened.today' });
		expect(rows).toEqual([]);
		expect(hints.join(' ')).toContain('@just.opened.today has no posts');
	});
});
