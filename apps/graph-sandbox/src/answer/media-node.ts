import type { AccountTruth } from '../world/account-truth.ts';
import type { Media } from '../world/media.ts';
import { graphTime } from '../world/pacific-day.ts';
import type { Call } from './call.ts';
import { answerFields, type Field, type FieldReader, onlyFields } from './field-list.ts';
import { GraphRefusal } from './graph-error.ts';
import { mediaInsights } from './media-insights.ts';
import { invalidParameter } from './refusals.ts';

/**
 * The asked fields of one medium. Album children have neither counts nor permalink.
 *
 * @throws {GraphRefusal} an unknown field on Facebook, a risky one, or whatever its insights refuse
 */
export function mediaFields(
	call: Call,
	account: AccountTruth,
	media: Media,
	fields: readonly Field[],
): Record<string, unknown> {
	const count = (metric: string): number | undefined =>
		media.parentId === null && media.productType !== 'STORY' ? account.mediaMetric(media, metric) : undefined;
	const video = media.mediaType === 'VIDEO';
	const url = `https://scontent.sandbox.example/${media.id}.${video ? 'mp4' : 'jpg'}?oe=sandbox`;
	const common: Record<string, FieldReader> = {
		id: () => media.id,
		caption: () => media.caption || undefined,
		media_type: () => media.mediaType,
		media_product_type: () => media.productType,
		media_url: () => (media.copyrightFlagged ? undefined : url),
		thumbnail_url: () => (video ? `https://scontent.sandbox.example/${media.id}.jpg` : undefined),
		permalink: () =>
			media.parentId === null ? `https://www.instagram.com/${linkPart(media)}/${media.shortcode}/` : undefined,
		shortcode: () => media.shortcode,
		timestamp: () => graphTime(media.timestamp),
		username: () => account.username,
		owner: () => ({ id: account.id }),
		like_count: () => (media.likesHidden ? undefined : count('likes')),
		comments_count: () => count('comments'),
		is_comment_enabled: () => true,
		is_ai_generated: () => false,
		is_shared_to_feed: () => (media.productType === 'REELS' ? true : undefined),
		alt_text: () => undefined,
		current_live_viewer_count: () => undefined,
		children: (field) => childrenEdge(call, account, media, field.fields),
		comments: () => (media.parentId === null ? { data: [] } : undefined),
		insights: (field) => nestedMediaInsights(call, account, media, field),
	};
	if (call.host === 'graph.instagram.com') return answerFields(call.host, 'InstagramMedia', fields, common);
	return answerFields(call.host, 'ShadowIGMedia', fields, {
		...common,
		ig_id: () => media.id.slice(2),
		legacy_instagram_media_id: () => media.id.slice(1),
		saved_count: () => count('saved'),
		shares_count: () => count('shares'),
		reposts_count: () => count('reposts'),
		total_like_count: () => (media.likesHidden ? undefined : count('total_likes')),
		total_comments_count: () => count('total_comments'),
		total_views_count: () => count('total_views'),
		media_audio_type: () => (video ? 'ORIGINAL_AUDIO' : undefined),
		has_poll: () => false,
		has_slider: () => false,
		video_title: () => undefined,
		boost_eligibility_info: () => ({ eligible_to_boost: media.productType !== 'AD' }),
		view_count: () => {
			throw new GraphRefusal({
				code: 36104,
				message: 'The view_count field is only available through Business Discovery',
			});
		},
		copyright_check_information: () => {
			if (video) return { status: { status: 'completed', matches_found: media.copyrightFlagged } };
			throw new GraphRefusal({
				code: 9005,
				subcode: 1452042,
				message: 'Invalid parameter',
				userTitle: 'Video content was not found',
				userMessage: 'Video content was not found',
			});
		},
	});
}

/** An album's pictures: as an edge of its own, or inside the album's fields. */
export function childrenEdge(
	call: Call,
	account: AccountTruth,
	media: Media,
	fields: readonly Field[] | null,
): { readonly data: readonly object[] } | undefined {
	if (media.childIds.length === 0) return undefined;
	const children = account.children(media);
	return { data: children.map((child) => mediaFields(call, account, child, fields ?? [])) };
}

function nestedMediaInsights(call: Call, account: AccountTruth, media: Media, field: Field): unknown {
	if (call.nested === 'ignored') return undefined;
	if (call.nested === 'refused') throw invalidParameter('Invalid parameter');
	const answer = mediaInsights(call, account, media, field.params);
	return { data: onlyFields(answer.data, field.fields) };
}

function linkPart(media: Media): string {
	if (media.productType === 'STORY') return 'stories';
	return media.productType === 'REELS' ? 'reel' : 'p';
}
