import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { sandbox, ask } = useSandbox();
const large = () => sandbox().world.account('large');
const getTagged = { resource: 'media', operation: 'getTagged', limit: 5 };
const getCollaborative = { resource: 'media', operation: 'getCollaborative', limit: 5 };

describe.each(LOGINS)('media: getTagged with %s', (login) => {
	test('returns posts by others with who posted them, their counts and their pictures', async () => {
		const post = large().publish({ tags: ['bakery'], caption: 'Buns from #CasaCanela' });
		const { rows } = await ask(login, getTagged);
		expect(rows).toHaveLength(5);
		expect(rows[0]).toMatchObject({
			account_id: sandbox().world.account('bakery').id,
			username: 'casa.canela.bakery',
			posted_by: 'northwind.trails',
			hashtags: '#CasaCanela',
			like_count: large().mediaMetric(post, 'likes'),
			comments_count: large().mediaMetric(post, 'comments'),
			id: post.id,
			unavailable: '',
		});
	});

	test('says which counts and pictures Meta leaves out', async () => {
		large().publish({ tags: ['bakery'], likesHidden: true, copyrightFlagged: true });
		const { rows } = await ask(login, getTagged);
		expect(rows[0]).toMatchObject({
			like_count: null,
			image_url: null,
			unavailable: 'like_count: withheld; image_url: withheld',
		});
	});

	test("returns Meta's own objects when not simplified", async () => {
		const post = large().publish({ tags: ['bakery'] });
		const { rows } = await ask(login, { ...getTagged, simplify: false });
		expect(rows[0]).toMatchObject({ id: post.id, username: 'northwind.trails', media_product_type: 'FEED' });
	});

	test('says so when nobody has tagged the account', async () => {
		const { rows, hints } = await ask(login, getTagged, { token: 'brand-new' });
		if (rows.length > 0) expect(rows[0]).toHaveProperty('posted_by');
		else expect(hints).toContainEqual(expect.stringMatching(/tagged/));
	});
});

describe('media: getTagged', () => {
	test('names the permissions of tags when Meta refuses', async () => {
		const refuse = ({ url }: { url: string }) => url.includes('/tags');
		const asked = ask('facebookLogin', getTagged, { refuse });
		await expect(asked).rejects.toThrow(/instagram_manage_comments and pages_read_engagement/);
	});
});

describe('media: getCollaborative', () => {
	test('returns every count that the owner shows, and the reason for hidden ones', async () => {
		const post = large().publish({ collaborators: ['bakery'], likesHidden: true });
		const { rows } = await ask('facebookLogin', getCollaborative);
		expect(rows[0]).toMatchObject({
			posted_by: 'northwind.trails',
			like_count: null,
			total_like_count: null,
			comments_count: large().mediaMetric(post, 'comments'),
			saved_count: large().mediaMetric(post, 'saved'),
			shares_count: large().mediaMetric(post, 'shares'),
			reposts_count: large().mediaMetric(post, 'reposts'),
			total_comments_count: large().mediaMetric(post, 'total_comments'),
			total_views_count: large().mediaMetric(post, 'total_views'),
			unavailable: 'like_count: withheld; total_like_count: withheld',
		});
	});

	test('is refused with Instagram Login before anything is sent', async () => {
		await expect(ask('instagramLogin', getCollaborative)).rejects.toThrow(/Facebook Login/);
		expect(sandbox().counts().httpRequests).toBe(0);
	});
});
