import { describe, expect, test } from 'vitest';
import { fieldsOf, MediaAnswer, type MediaNode } from '../../src/graph/media-answer.ts';
import { readAnswer } from '../../src/graph/read-answer.ts';
import { type Asked, readInsights } from '../../src/insight/read-insights.ts';
import { answer } from './answers.ts';

const page = (file: string) => readAnswer(answer(`media/${file}.json`), MediaAnswer, { what: 'media' }).data.data;

const readMedia = (node: MediaNode, asked: Asked) => ({
	media: fieldsOf(node),
	insights: readInsights(node.insights?.data ?? [], asked),
});

describe('MediaAnswer', () => {
	test('separates nested insights from the fields', () => {
		const [read] = page('page-nested-insights').map((node) => readMedia(node, { metrics: ['views', 'reach'] }));
		expect(read).toEqual({
			media: { id: '18000000000000001', media_type: 'VIDEO', media_product_type: 'REELS' },
			insights: [
				{ shape: 'total', metric: 'views', value: 1204 },
				{ shape: 'total', metric: 'reach', value: 763 },
			],
		});
	});

	test('says that there is no data for media without insights', () => {
		const reach = { shape: 'absent', metric: 'reach', reason: 'no-data' };
		const read = page('page-one-without-insights').map((node) => readMedia(node, { metrics: ['reach'] }).insights);
		expect(read).toEqual([[{ shape: 'total', metric: 'reach', value: 51 }], [reach], [reach]]);
	});

	test('keeps the fields of a media item without insights', () => {
		expect(page('page-last').map(fieldsOf)).toEqual([
			{ id: '18000000000000002', media_type: 'IMAGE', media_product_type: 'FEED', caption: 'The first post' },
		]);
	});

	test('reads stories, whose replies may be 0', () => {
		const [read] = page('stories').map((node) => readMedia(node, { metrics: ['replies'] }));
		expect(read?.insights[0]).toEqual({ shape: 'total', metric: 'replies', value: 0 });
	});

	test('keeps unknown and nested fields, without the links that contain the token', () => {
		const [node] = page('page-unknown-fields');
		const media = node && fieldsOf(node);
		expect(media).toMatchObject({ field_of_tomorrow: { depth: 1 }, children: { data: [{ id: '18000000000000007' }] } });
		expect(JSON.stringify(media)).not.toContain('fixture-token');
	});

	test('reads an empty page as no media', () => {
		expect(page('page-empty')).toEqual([]);
	});
});
