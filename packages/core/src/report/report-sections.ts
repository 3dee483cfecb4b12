import type { ChartPoint } from './chart-svg.ts';
import type { ReportData, ReportRow } from './report-data.ts';
import type { ReportLanguage } from './report-words.ts';

/** A part of a section, without markup. */
export type Block =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
	| { readonly kind: 'bars'; readonly title: string; readonly points: readonly ChartPoint[]; readonly summary: string }
	| { readonly kind: 'posts'; readonly posts: readonly PostBlock[] }
	| { readonly kind: 'list'; readonly items: readonly string[] };

export type Cell = { readonly text: string; readonly trend?: 'up' | 'down' | undefined };
export type PostBlock = { readonly title: string; readonly link: string | null; readonly facts: readonly string[] };
export type Section = { readonly title: string; readonly blocks: readonly Block[] };

const MOST_POSTS = 5;
const MOST_BUCKETS = 5;
const MOST_HOURS = 5;
const MOST_STORIES = 10;

/** What a report says, in reading order. A section without anything to say is left out; the headline and the posts never are. */
export function reportSections(data: ReportData, language: ReportLanguage): readonly Section[] {
	const sections: readonly Section[] = [
		{ title: language.word('headline'), blocks: headline(data, language) },
		{ title: language.word('followers'), blocks: followers(data, language) },
		...dailyMetrics(data).map((metric) => daily(data, metric, language)),
		{ title: language.word('topPosts'), blocks: topPosts(data, language) },
		{ title: language.word('weakestPosts'), blocks: postList(data.weakestPosts, data, language) },
		{ title: language.word('formats'), blocks: formats(data, language) },
		{ title: language.word('bestTimes'), blocks: bestTimes(data, language) },
		...audience(data, language),
		{ title: language.word('stories'), blocks: stories(data, language) },
		{ title: language.word('notes'), blocks: notes(data, language) },
	];
	return sections.filter(({ blocks }) => blocks.length > 0);
}

/** Each note once, in the report's language; refusals stay in Meta's. */
export function notesInWords({ notes, refusals }: ReportData, language: ReportLanguage): readonly string[] {
	const refused = refusals.map((text) => `${language.word('refused')}: ${text}`);
	return [...refused, ...new Set(notes.map((id) => language.word(id)))];
}

function notes(data: ReportData, language: ReportLanguage): Block[] {
	const items = notesInWords(data, language);
	return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** The metrics that have a value on at least one day. */
export function dailyMetrics({ daily }: Pick<ReportData, 'daily'>): readonly string[] {
	const names = new Set(daily.flatMap((row) => Object.keys(row)));
	return [...names].filter((name) => name !== 'date' && daily.some((row) => typeof row[name] === 'number'));
}

/** The points of one metric of the daily rows. */
export function dailyPoints({ daily }: Pick<ReportData, 'daily'>, metric: string): readonly ChartPoint[] {
	return daily.map((row) => ({ date: String(row.date), value: numberIn(row, metric) }));
}

function headline({ summary }: ReportData, language: ReportLanguage): Block[] {
	if (!summary.some((row) => numberIn(row, 'current') !== null)) {
		return [{ kind: 'text', text: language.word('noNumbers') }];
	}
	const columns = [
		language.word('metric'),
		language.word('thisPeriod'),
		language.word('before'),
		language.word('change'),
	];
	const rows = summary.map((row) => {
		const metric = textIn(row, 'metric') ?? '';
		return [
			{ text: language.label(metric) },
			{ text: shown(row, 'current', language, metric) },
			{ text: shown(row, 'previous', language, metric) },
			changeOf(row, language),
		];
	});
	return [{ kind: 'table', columns, rows }];
}

function changeOf(row: ReportRow, language: ReportLanguage): Cell {
	const [change, percent] = [numberIn(row, 'change'), numberIn(row, 'changePercent')];
	if (change === null) return { text: '–' };
	const text = percent === null ? language.signed(change) : language.change(percent);
	return change === 0 ? { text } : { text, trend: change > 0 ? 'up' : 'down' };
}

function followers({ followers: row }: ReportData, language: ReportLanguage): Block[] {
	if (row === null) return [];
	const net = numberIn(row, 'follower_growth');
	const trend = net === null || net === 0 ? undefined : net > 0 ? 'up' : 'down';
	const rows: (readonly [Cell, Cell])[] = [
		[{ text: language.word('followers') }, { text: shown(row, 'followers_count', language) }],
		[{ text: language.word('gained') }, { text: shown(row, 'followers_gained', language) }],
		[{ text: language.word('lost') }, { text: shown(row, 'followers_lost', language) }],
		[{ text: language.word('net') }, { text: net === null ? '–' : language.signed(net), trend }],
		[{ text: language.word('growth') }, { text: shown(row, 'follower_growth_rate', language) }],
	];
	const known = rows.filter(([, { text }]) => text !== '–');
	return known.length === 0 ? [] : [{ kind: 'table', columns: [], rows: known }];
}

function daily(data: ReportData, metric: string, language: ReportLanguage): Section {
	const points = dailyPoints(data, metric);
	const title = `${language.label(metric)} ${language.word('byDay')}`;
	const highest = points.reduce((best, point) => ((point.value ?? -1) > (best.value ?? -1) ? point : best));
	const summary = `${language.word('highest')}: ${language.number(highest.value ?? 0)} (${language.day(highest.date)})`;
	return { title, blocks: [{ kind: 'bars', title, points, summary }] };
}

function topPosts(data: ReportData, language: ReportLanguage): Block[] {
	const counted: Block = { kind: 'text', text: language.count('posts', data.posts) };
	return [counted, ...postList(data.topPosts, data, language)];
}

function postList(posts: readonly ReportRow[], data: ReportData, language: ReportLanguage): Block[] {
	if (posts.length === 0) return [];
	return [{ kind: 'posts', posts: posts.slice(0, MOST_POSTS).map((row) => postBlock(row, data, language)) }];
}

function postBlock(row: ReportRow, { rankedBy, timeZone }: ReportData, language: ReportLanguage): PostBlock {
	const usual = numberIn(row, `${rankedBy}_vs_median`);
	const published = textIn(row, 'published');
	const facts = [
		published === null ? null : language.moment(published, timeZone),
		textIn(row, 'format') === null ? null : language.label(textIn(row, 'format') ?? ''),
		`${shown(row, rankedBy, language)} ${language.label(rankedBy)}`,
		usual === null ? null : `${language.times(usual)} ${language.word('timesUsual')}`,
	];
	const caption = firstWords(textIn(row, 'caption') ?? '');
	return {
		title: caption === '' ? language.word('noCaption') : caption,
		link: safeLink(textIn(row, 'permalink')),
		facts: facts.flatMap((fact) => fact ?? []),
	};
}

function formats({ formats: rows, rankedBy }: ReportData, language: ReportLanguage): Block[] {
	if (rows.length < 2) return [];
	const columns = [
		language.word('format'),
		language.word('posts'),
		`${language.word('median')}: ${language.label(rankedBy)}`,
	];
	const cells = rows.map((row) => [
		{ text: language.label(textIn(row, 'format') ?? '') },
		{ text: shown(row, 'posts', language) },
		{ text: shown(row, 'median', language, rankedBy) },
	]);
	return [{ kind: 'table', columns, rows: cells }];
}

function bestTimes({ bestTimes: rows, rankedBy, timeZone }: ReportData, language: ReportLanguage): Block[] {
	const best = rows.slice(0, MOST_HOURS);
	if (best.length === 0) return [];
	const columns = [
		`${language.word('when')} (${timeZone})`,
		language.word('posts'),
		`${language.word('median')}: ${language.label(rankedBy)}`,
		language.word('followersOnline'),
	];
	const cells = best.map((row) => [
		{ text: language.hourOfWeek(numberIn(row, 'weekday') ?? 1, numberIn(row, 'hour') ?? 0) },
		{ text: shown(row, 'posts', language) },
		{ text: shown(row, 'median', language, rankedBy) },
		{ text: shown(row, 'followersOnline', language) },
	]);
	return [{ kind: 'table', columns, rows: cells }];
}

/** One section per dimension, the largest buckets first. */
function audience({ audience: rows }: ReportData, language: ReportLanguage): Section[] {
	const dimensions = [...new Set(rows.flatMap((row) => textIn(row, 'dimension') ?? []))];
	return dimensions.flatMap((dimension) => {
		const buckets = rows
			.filter((row) => row.dimension === dimension && numberIn(row, 'count') !== null)
			.toSorted((a, b) => (numberIn(b, 'count') ?? 0) - (numberIn(a, 'count') ?? 0))
			.slice(0, MOST_BUCKETS);
		if (buckets.length === 0) return [];
		const cells = buckets.map((row) => [
			{ text: language.bucket(dimension, textIn(row, 'value') ?? '–') },
			{ text: shown(row, 'count', language) },
		]);
		const columns = [language.label(dimension), language.word('followers')];
		return [
			{
				title: `${language.word('audience')}: ${language.label(dimension)}`,
				blocks: [{ kind: 'table' as const, columns, rows: cells }],
			},
		];
	});
}

/** As many as a phone has room for. */
const STORY_COLUMNS = ['reach', 'replies', 'completion_rate'];

function stories({ stories: rows, timeZone }: ReportData, language: ReportLanguage): Block[] {
	if (rows.length === 0) return [];
	const shownColumns = STORY_COLUMNS.filter((name) => rows.some((row) => numberIn(row, name) !== null));
	const columns = [language.word('published'), ...shownColumns.map(language.label)];
	const cells = rows
		.slice(0, MOST_STORIES)
		.map((row) => [
			{ text: language.moment(textIn(row, 'published') ?? '', timeZone) },
			...shownColumns.map((name) => ({ text: shown(row, name, language) })),
		]);
	return [
		{ kind: 'text', text: language.count('stories', rows.length) },
		...(shownColumns.length === 0 ? [] : [{ kind: 'table' as const, columns, rows: cells }]),
	];
}

/** A value as people read it: a rate in percent, a missing one as a dash. `metric` names what a column of another name holds. */
function shown(row: ReportRow, column: string, language: ReportLanguage, metric = column): string {
	const value = numberIn(row, column);
	if (value === null) return '–';
	return /_rate(_|$)|_share$/.test(metric) ? language.percent(value) : language.number(value);
}

function numberIn(row: ReportRow, column: string): number | null {
	const value = row[column];
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function textIn(row: ReportRow, column: string): string | null {
	const value = row[column];
	return typeof value === 'string' && value !== '' ? value : null;
}

/** The first line of a caption, cut between letters as people see them: an emoji is never halved. */
function firstWords(caption: string, most = 70): string {
	const line = caption.trim().split(/\s*\n/)[0] ?? '';
	const letters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(line)];
	return letters.length <= most
		? line
		: `${letters
				.slice(0, most)
				.map(({ segment }) => segment)
				.join('')
				.trimEnd()}…`;
}

/** Only a web address becomes a link. */
function safeLink(link: string | null): string | null {
	return link !== null && /^https:\/\/[^\s"'<>()]+$/.test(link) ? link : null;
}
