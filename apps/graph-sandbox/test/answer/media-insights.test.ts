import { describe, expect, test } from 'vitest';
import type { Media } from '../../src/index.ts';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox, clock } = sandboxForFile();

const large = () => sandbox().world.account('large');
const find = (wanted: (media: Media) => boolean): Media => {
	const media = [...large().media(), ...large().stories()].find(wanted);
	if (media === undefined) throw new Error('no such media in the world');
	return media;
};
const post = (wanted: (media: Media) => boolean): Media => find((media) => !media.beforeConversion && wanted(media));
const facebook = (media: Media, query: string) =>
	ask(`graph.facebook.com/v25.0/${media.id}/insights?${query}`, 'EAA-sandbox-large');
const instagram = (media: Media, query: string) =>
	ask(`graph.instagram.com/v25.0/${media.id}/insights?${query}`, 'IGAA-sandbox-large');

describe('mediaInsights', () => {
	test('answers thirteen metrics of a reel in one call, always as lifetime', async () => {
		const reel = post((media) => media.productType === 'REELS');
		const metrics =
			'views,reach,likes,comments,saved,shares,reposts,total_interactions,ig_reels_avg_watch_time,ig_reels_video_view_total_time,reels_skip_rate,total_likes,total_comments';
		const { status, body } = await facebook(reel, `metric=${metrics}&period=day`);
		expect(status).toBe(200);
		expect(body.data?.map((item) => [item.name, item.period, item.values])).toEqual(
			metrics.split(',').map((metric) => [metric, 'lifetime', [{ value: large().mediaMetric(reel, metric) }]]),
		);
	});

	test('fails all for the metrics a reel does not have, and names them together', async () => {
		const reel = post((media) => media.productType === 'REELS');
		const { body } = await facebook(reel, 'metric=reach,profile_visits,follows');
		expect(body.error?.message).toBe(
			'(#100) The Media Insights API does not support the profile_visits, follows metric for this media product type.',
		);
	});

	test('gives feed posts follows and profile visits, and no watch time', async () => {
		const image = post((media) => media.productType === 'FEED' && media.mediaType === 'IMAGE');
		expect((await instagram(image, 'metric=follows,profile_visits')).status).toBe(200);
		expect((await instagram(image, 'metric=ig_reels_avg_watch_time')).body.error?.message).toContain(
			'does not support',
		);
	});

	test('refuses every metric of an ad', async () => {
		const ad = post((media) => media.productType === 'AD');
		expect((await instagram(ad, 'metric=views')).body.error?.message).toBe(
			'The Media Insights API does not support the views metric for this media product type.',
		);
	});

	test('lists the live names for a removed one', async () => {
		const image = post((media) => media.productType === 'FEED');
		const { body } = await facebook(image, 'metric=engagement');
		expect(body.error?.message).toMatch(
			/^\(#100\) metric\[0\] must be one of the following values: impressions, reach, .*link_clicks$/,
		);
	});

	test('knows the total metrics on Facebook only', async () => {
		const image = post((media) => media.productType === 'FEED');
		expect((await facebook(image, 'metric=total_likes')).status).toBe(200);
		expect((await instagram(image, 'metric=total_likes')).body.error?.message).toMatch(/^metric\[0\] must be one of/);
	});

	test('gives impressions for posts from before 2024-07-02 only', async () => {
		const cutOff = Date.parse('2024-07-02T00:00:00Z');
		const old = post((media) => media.productType === 'FEED' && media.timestamp < cutOff);
		const young = post((media) => media.productType === 'FEED' && media.timestamp >= cutOff);
		expect((await facebook(old, 'metric=impressions')).status).toBe(200);
		expect((await facebook(young, 'metric=impressions')).body.error?.message).toBe(
			'(#100) Starting from version v22.0 and above, the impressions metric is no longer supported for the queried media.',
		);
	});

	test('throws for Facebook views of a medium that was not shared to Facebook, taking the others with it', async () => {
		const alone = post((media) => media.productType === 'REELS' && !media.sharedToFacebook);
		const shared = post((media) => media.productType === 'REELS' && media.sharedToFacebook);
		const { body } = await instagram(alone, 'metric=reach,crossposted_views');
		expect(body.error).toMatchObject({ code: -1, error_subcode: 2207086, message: 'Fatal', type: 'OAuthException' });
		expect((await instagram(shared, 'metric=reach,crossposted_views')).status).toBe(200);
	});

	test('words the refusal of a post from before the conversion as each host does', async () => {
		const old = find((media) => media.beforeConversion);
		const text =
			"The media was posted before the most recent time that the user's account was converted to a business account from a personal account.";
		expect((await facebook(old, 'metric=reach')).body.error).toEqual({
			message: 'Invalid parameter',
			type: 'OAuthException',
			code: 100,
			error_data: {},
			error_subcode: 2108006,
			is_transient: false,
			error_user_title: 'Media posted before business account conversion',
			error_user_msg: text,
			fbtrace_id: expect.any(String),
		});
		expect((await instagram(old, 'metric=reach')).body.error).toEqual({
			message: text,
			type: 'IGApiException',
			code: 100,
			error_subcode: 2108006,
			fbtrace_id: expect.any(String),
		});
	});

	test('refuses a story that fewer than five people have seen', async () => {
		const story = find((media) => media.fewViewers);
		expect((await facebook(story, 'metric=reach')).body.error).toMatchObject({
			code: 10,
			message: '(#10) Not enough viewers for the media to show insights',
		});
	});

	test('answers navigation with a breakdown as values and total_value together, in lower case', async () => {
		const story = find((media) => media.productType === 'STORY' && !media.fewViewers);
		const { body } = await facebook(story, 'metric=navigation&breakdown=story_navigation_action_type');
		const [item] = body.data ?? [];
		const value = item?.values?.[0]?.value;
		expect(item?.total_value?.value).toBe(value);
		const rows = item?.total_value?.breakdowns?.[0]?.results ?? [];
		expect(rows.map((row) => row.dimension_values[0])).toEqual([
			'tap_forward',
			'tap_back',
			'tap_exit',
			'swipe_forward',
		]);
		expect(rows.reduce((sum, row) => sum + row.value, 0)).toBe(value);
	});

	test('refuses a breakdown that the metric does not take', async () => {
		const image = post((media) => media.productType === 'FEED');
		expect((await facebook(image, 'metric=reach&breakdown=follow_type')).body.error?.message).toBe(
			'(#100) Incompatible breakdowns (follow_type) for metric (reach)',
		);
		expect((await facebook(image, 'metric=reach&breakdown=age')).body.error?.message).toContain(
			'breakdown[0] must be one of',
		);
	});

	test('refuses total_views of a story picture with code 200', async () => {
		const story = find((media) => media.productType === 'STORY' && media.mediaType === 'IMAGE' && !media.fewViewers);
		expect((await facebook(story, 'metric=reach,total_views')).body.error?.code).toBe(200);
	});

	test('has no insights of an album picture', async () => {
		const album = post((media) => media.mediaType === 'CAROUSEL_ALBUM');
		const [child] = large().children(album);
		if (child === undefined) throw new Error('an album without pictures');
		expect((await facebook(child, 'metric=reach')).body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});

	test('answers an empty list once the 24 hours of a story are over', async () => {
		const story = find((media) => media.productType === 'STORY' && !media.fewViewers);
		expect((await facebook(story, 'metric=reach')).body.data).toHaveLength(1);
		clock.pass(24 * 3_600_000);
		expect((await facebook(story, 'metric=reach')).body.data).toEqual([]);
	});

	test('names the missing permission on both hosts', async () => {
		const image = post((media) => media.productType === 'FEED');
		const reply = await ask(
			`graph.facebook.com/v25.0/${image.id}/insights?metric=reach`,
			'EAA-sandbox-large-no-insights-permission',
		);
		expect([reply.status, reply.body.error?.code]).toEqual([400, 10]);
	});

	test('hides the media of an account the token does not reach', async () => {
		const image = post((media) => media.productType === 'FEED');
		const reply = await ask(`graph.instagram.com/v25.0/${image.id}/insights?metric=reach`, 'IGAA-sandbox-tiny');
		expect(reply.body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});

	test('refuses one forbidden medium with code 10, and the page it is nested in', async () => {
		const forbidden = large().publish({ forbidden: true });
		try {
			expect((await instagram(forbidden, 'metric=reach')).body.error?.code).toBe(10);
			const page = `graph.instagram.com/v25.0/me/media?limit=2&fields=id,insights.metric(reach)`;
			expect((await ask(page, 'IGAA-sandbox-large')).body.error?.code).toBe(10);
			const other = post((media) => media.productType === 'FEED' && media.id !== forbidden.id);
			expect((await instagram(other, 'metric=reach')).status).toBe(200);
		} finally {
			large().remove(forbidden.id);
		}
	});
});
