import { describe, expect, test } from 'vitest';
import { BREAKDOWNS } from '../../src/catalog/breakdown.ts';
import { MEDIA_METRICS, mediaMetricRow } from '../../src/catalog/media-metric.ts';
import { ONE_SENTENCE, TITLE } from './wording.ts';

describe('MEDIA_METRICS', () => {
	test.each(Object.entries(MEDIA_METRICS))(
		'explains %s by a title and one plain sentence',
		(_name, { title, meaning }) => {
			expect(title).toMatch(TITLE);
			expect(meaning).toMatch(ONE_SENTENCE);
		},
	);

	test('splits by media breakdowns only', () => {
		for (const [name, row] of Object.entries(MEDIA_METRICS)) {
			for (const breakdown of row.breakdowns) expect(BREAKDOWNS[breakdown].levels, name).toContain('media');
		}
	});
});

describe('mediaMetricRow', () => {
	test('finds a metric by its name and no metric of an account', () => {
		expect(mediaMetricRow('saved')?.title).toBe('Saves');
		expect(mediaMetricRow('saves')).toBeUndefined();
		expect(mediaMetricRow('hasOwnProperty')).toBeUndefined();
	});
});
