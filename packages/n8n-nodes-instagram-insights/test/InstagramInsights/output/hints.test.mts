import { describe, expect, test } from 'vitest';
import { executionHint, reasonHints } from '../../../nodes/InstagramInsights/output/hints';

describe('reasonHints', () => {
	test('is empty for numbers that have a value', () => {
		expect(reasonHints([{ shape: 'total', metric: 'reach', value: 0 }])).toEqual([]);
	});

	test('says each thing once', () => {
		expect(
			reasonHints([
				{ shape: 'absent', metric: 'reach', reason: 'not-additive' },
				{ shape: 'absent', metric: 'accounts_engaged', reason: 'not-additive' },
				{ shape: 'absent', metric: 'replies', reason: 'too-few-viewers' },
			]),
		).toEqual([['not-additive'], ['privacy-floor']]);
	});

	test('distinguishes what Meta no longer keeps from what never existed', () => {
		expect(reasonHints([{ shape: 'absent', metric: 'follower_count', reason: 'outside-retention' }])).toEqual([
			['outside-retention'],
		]);
	});

	test('covers the days of a series', () => {
		const point = { date: '2026-11-01', endTime: '2026-11-02T08:00:00+0000', value: null };
		expect(reasonHints([{ shape: 'series', metric: 'reach', points: [point] }])).toEqual([['no-data']]);
	});

	test("quotes Meta's message about a failure, once for all its metrics", () => {
		const words = 'Words of tomorrow (code 100, trace ID A1)';
		const failed = (metric: string) => ({ shape: 'absent', metric, reason: 'failed', message: words }) as const;
		const point = { date: '2026-11-01', endTime: '2026-11-02T08:00:00+0000', value: null } as const;
		expect(
			reasonHints([
				failed('views'),
				failed('likes'),
				{ shape: 'series', metric: 'saves', points: [{ ...point, reason: 'no-permission', message: 'Not yours' }] },
			]),
		).toEqual([
			['failed', `views, likes: ${words}`],
			['failed', 'saves: Not yours'],
		]);
	});

	test('distinguishes a picture inside an album from a metric that does not fit', () => {
		const absent = { shape: 'absent', metric: 'reach' } as const;
		expect(reasonHints([{ ...absent, reason: 'unsupported', message: 'Not for a picture of an album.' }])).toEqual([]);
		expect(reasonHints([{ ...absent, reason: 'album-child' }])).toEqual([['album-children']]);
	});
});

describe('executionHint', () => {
	test('is shown above the output, with its detail', () => {
		expect(executionHint('pacific-days', 'Like so.')).toEqual({
			message: "Meta's days run from midnight to midnight in Los Angeles. Like so.",
			type: 'info',
			location: 'outputPane',
			group: {
				key: 'pacific-days',
				summary: "Meta's days run from midnight to midnight in Los Angeles. ({count} cases)",
				label: 'Like so.',
			},
		});
	});

	test('is a warning for a failure', () => {
		expect(executionHint('failed', 'views: no.').type).toBe('warning');
	});

	test('is only the detail for a note', () => {
		expect(executionHint('note', 'Meta dropped it.').message).toBe('Meta dropped it.');
	});
});
