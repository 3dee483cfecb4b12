import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportData, ReportRow } from '../../src/report/report-data.ts';
import { REPORT_LANGUAGES, reportLanguage } from '../../src/report/report-words.ts';
import { writeReport } from '../../src/report/write-report.ts';

const EMPTY: ReportData = {
	account: { id: '17841400000000001', username: 'studio', name: 'Studio' },
	since: '2026-10-01',
	until: '2026-10-31',
	summary: [],
	followers: null,
	daily: [],
	rankedBy: 'views',
	topPosts: [],
	weakestPosts: [],
	posts: 0,
	formats: [],
	bestTimes: [],
	audience: [],
	stories: [],
	notes: [],
	refusals: [],
	locale: 'en-GB',
	timeZone: 'UTC',
};

const reach: ReportRow = {
	metric: 'reach',
	current: 1500,
	previous: 1200,
	change: 300,
	changePercent: 25,
	previousSince: '2026-09-01',
	previousUntil: '2026-09-30',
};
const post: ReportRow = {
	published: '2026-10-03T16:05:00Z',
	format: 'Reel',
	caption: 'Lindo!\nmore',
	permalink: 'https://www.instagram.com/p/C1/',
	views: 4800,
	views_vs_median: 2.4,
};
const write = (part: Partial<ReportData>) => writeReport({ ...EMPTY, ...part });

describe('writeReport', () => {
	test('names the account, the days and the first change in the subject', () => {
		const { subject } = write({ summary: [reach] });
		expect(subject).toMatch(/^@studio: Instagram report, 1\s?–\s?31 Oct(ober)? 2026 · Reach \+25%$/);
	});

	test('falls back to the name, then to the id', () => {
		const { id, name } = EMPTY.account;
		expect(write({ account: { id, username: null, name } }).subject).toMatch(/^Studio: /);
		expect(write({ account: { id, username: null, name: null } }).subject).toMatch(/^17841400000000001: /);
	});

	test('shows a row without a readable date like the others', () => {
		const { markdown } = write({
			posts: 1,
			topPosts: [{ published: 'soon', reach: 5 }],
			daily: [{ date: 'today', reach: 5 }],
		});
		expect(markdown).toContain('soon');
	});

	test('shows both periods and both numbers', () => {
		const { html, markdown } = write({ summary: [reach] });
		for (const text of [html, markdown]) {
			expect(text).toMatch(/1\s?–\s?30 Sep/);
			expect(text).toContain('1,500');
			expect(text).toContain('1,200');
			expect(text).toContain('+25%');
		}
	});

	test('shows a missing number as a dash, never as 0', () => {
		const { markdown } = write({ summary: [{ ...reach, previous: null, change: null, changePercent: null }] });
		expect(markdown).toContain('**Reach**: This period 1,500 · Before – · Change –');
	});

	test('shows a change from 0 as a number, since it has no percentage', () => {
		const { markdown } = write({ summary: [{ ...reach, previous: 0, change: 1500, changePercent: null }] });
		expect(markdown).toContain('Change +1,500');
	});

	test('says if there are no numbers, and lists the reasons', () => {
		const { markdown } = write({ summary: [{ ...reach, current: null }], refusals: ['reach: no-permission'] });
		expect(markdown).toContain('Instagram gave no numbers for this period.');
		expect(markdown).toContain('- Instagram refused some of the numbers: reach: no-permission');
	});

	test('writes a post with its time, format, number and how it compares', () => {
		const { markdown } = write({ topPosts: [post], posts: 1, timeZone: 'Europe/Berlin' });
		expect(markdown).toContain('1 post\n');
		expect(markdown).toMatch(
			/1\. \[Lindo!\]\(https:\/\/www\.instagram\.com\/p\/C1\/\) – 3 Oct, 18:05 · Reel · 4,800 Views · 2\.4 × the usual/,
		);
	});

	test.each([
		[0, 'No posts in this period'],
		[1, '1 post'],
		[2, '2 posts'],
		[1234, '1,234 posts'],
	])('has words for %i posts', (posts, words) => {
		expect(write({ posts }).markdown).toContain(`${words}\n`);
	});

	test('writes rates in percent and countries by name', () => {
		const { markdown } = write({
			followers: {
				followers_count: 40,
				followers_gained: null,
				followers_lost: null,
				follower_growth: -2,
				follower_growth_rate: -0.05,
			},
			audience: [{ metric: 'follower_demographics', dimension: 'country', value: 'DE', count: 12 }],
		});
		expect(markdown).toContain('**Growth**: -5%');
		expect(markdown).toContain('**Germany**: Followers 12');
		expect(markdown).not.toContain('Gained');
	});

	test('draws one chart per metric that has a value', () => {
		const daily = [
			{ date: '2026-10-01', reach: 10, views: null },
			{ date: '2026-10-02', reach: null, views: null },
			{ date: '2026-10-03', reach: 30, views: null },
		];
		const { charts, markdown } = write({ daily });
		expect(Object.keys(charts)).toEqual(['reach']);
		expect(charts.reach).toMatch(/^<svg [^>]+><title>@studio: Reach by day<\/title>/);
		// A day without a value breaks the line instead of pulling it down to 0.
		expect(charts.reach?.match(/<path d="([^"]+)"/)?.[1]).toMatch(/^M[\d.]+ [\d.]+M[\d.]+ [\d.]+$/);
		expect(markdown).toContain('Highest: 30 (3 Oct)');
	});

	test.each([
		['de', 'Die wichtigsten Zahlen', '1.500'],
		['es-MX', 'Cifras principales', '1,500'],
		['pt-BR', 'Números principais', '1.500'],
		['fr-FR', 'Chiffres clés', '1\u202f500'],
		['ja-JP', 'Headline numbers', '1,500'],
		['not a tag', 'Headline numbers', '1,500'],
	])('is written in the language of %s', (locale, heading, number) => {
		const { markdown, html } = write({ locale, summary: [reach] });
		expect(markdown).toContain(heading);
		expect(markdown).toContain(number);
		expect(html).toContain(heading);
	});

	test('loads nothing, has no script, and stays below 100 kB with all sections', () => {
		const caption = '👩‍👩‍👧‍👦'.repeat(2200);
		const many = Array.from({ length: 200 }, () => ({ ...post, caption }));
		const daily = Array.from({ length: 92 }, (_, index) => ({
			date: new Date(Date.UTC(2026, 7, 1 + index)).toISOString().slice(0, 10),
			reach: index,
			views: index,
		}));
		const audience = ['country', 'city', 'age', 'gender'].flatMap((dimension) =>
			Array.from({ length: 45 }, (_, count) => ({
				metric: 'follower_demographics',
				dimension,
				value: 'x'.repeat(60),
				count,
			})),
		);
		const { html } = write({ summary: [reach], topPosts: many, weakestPosts: many, daily, audience, stories: many });
		expect(Buffer.byteLength(html)).toBeLessThan(100_000);
		expect(html).not.toMatch(/<script|<img|<link|src=|url\(|@import/i);
	});

	test('escapes text that would become markup or a link', () => {
		const evil = '<img src=x onerror=alert(1)>"\'&[x](javascript:alert(1))`*_';
		const row = { ...post, caption: evil, permalink: 'javascript:alert(1)' };
		const { html, markdown } = write({
			topPosts: [row],
			posts: 1,
			refusals: [evil],
			account: { id: '1', username: evil, name: null },
		});
		expect(html).not.toContain('<img');
		expect(html).not.toContain('href="javascript');
		expect(markdown).not.toMatch(/(?<!\\)\]\(javascript/);
	});

	test('says each note once, in the language of the report', () => {
		const { notes, html } = write({ notes: ['lag', 'lag', 'privacy'], locale: 'de' });
		expect(notes).toEqual([
			'Die letzten zwei Tage können noch wachsen.',
			'Instagram verbirgt Zahlen über sehr wenige Personen.',
		]);
		expect(html).toContain('Die letzten zwei Tage');
	});

	test('writes whatever rows it gets', () => {
		const value = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.boolean());
		const rows = fc.array(
			fc.dictionary(
				fc.constantFrom(
					'metric',
					'current',
					'previous',
					'change',
					'changePercent',
					'views',
					'count',
					'value',
					'dimension',
					'caption',
					'format',
				),
				value,
			),
			{ maxLength: 6 },
		);
		fc.assert(
			fc.property(rows, fc.constantFrom(...REPORT_LANGUAGES), (list, locale) => {
				const { html } = write({ locale, summary: list, topPosts: list, formats: list, audience: list });
				expect(html).not.toMatch(/\bNaN\b|undefined|Infinity|\[object/);
			}),
		);
	});
});

describe('reportLanguage', () => {
	test.each(REPORT_LANGUAGES)('has a word for everything in %s', (locale) => {
		const language = reportLanguage(locale);
		expect(language.label('total_interactions')).not.toBe('');
		expect(language.hourOfWeek(1, 9)).toMatch(/9/);
	});

	test('writes a metric without a word readably', () => {
		expect(reportLanguage('en').label('quiet_new_metric')).toBe('Quiet new metric');
	});
});
