import {
	concernsAll,
	type InsightsError,
	isInsightsError,
	median,
	type Profile,
	type ReportNote,
	type ReportRow,
	rankBestTimes,
	writeReport,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../panel/account';
import { optionsParameter } from '../../panel/options';
import { readChoice, readWholeNumber } from '../../panel/wrongSetting';
import { scalar } from '../../rows/mediaRows';
import { comparedDays, compareWithParameters, readCompareWith } from '../descriptions/compareWith';
import { COMPARED_RANGES, dateRangeParameters, inDateRange } from '../descriptions/dateRange';
import { agentOutputParameters } from '../descriptions/output';
import type { HintId } from '../output/hints';
import { getAudience } from './account/audience.operations';
import { compare } from './account/compare.operation';
import { bestTimeRows, judgedByParameter, readJudgedBy, readOnline } from './account/getBestTimes.operation';
import { getInsights } from './account/getInsights.operation';
import type { Item } from './item';
import { getMany as getManyMedia } from './media/getMany.operation';
import { type Operation, type Row, RowWithFiles } from './operation';
import { getMany as getManyStories } from './story.operations';

const DEFAULT_LOCALE = 'en-US';
const LANGUAGES: readonly (readonly [name: string, locale: string])[] = [
	['English (UK)', 'en-GB'],
	['English (US)', DEFAULT_LOCALE],
	['French', 'fr-FR'],
	['German', 'de-DE'],
	['Portuguese (Brazil)', 'pt-BR'],
	['Portuguese (Portugal)', 'pt-PT'],
	['Spanish', 'es-ES'],
];

const LANGUAGE: INodeProperties = {
	displayName: 'Language',
	name: 'locale',
	type: 'options',
	options: LANGUAGES.map(([name, value]) => ({ name, value })),
	default: DEFAULT_LOCALE,
	description: 'The language of the report, and the format of its numbers and dates',
};

const TOP: INodeProperties = {
	displayName: 'Posts per List',
	name: 'postsPerList',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: 5,
	description: 'How many of the best and of the weakest posts to return. The page shows at most five of each.',
};

/** Hints of the parts that readers of a report need to know, as notes of the report. */
const NOTES: Readonly<Partial<Record<HintId, ReportNote>>> = {
	'not-additive': 'notAdditive',
	'not-additive-compared': 'notAdditive',
	'outside-retention': 'retention',
	'privacy-floor': 'privacy',
	'before-conversion': 'conversion',
	'data-lag': 'lag',
};

const HEADLINE = ['reach', 'views', 'total_interactions', 'accounts_engaged', 'profile_links_taps'];
const POST_METRICS = ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions'];
const AUDIENCE_BY = ['country', 'age'];

/** A page about an account and a date range, made from the rows of the other operations. */
export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a report',
	description:
		'Create a report about an account for a date range, ready to send: an HTML page for email, text for chat, charts as files, and the rows behind them. Shows the numbers compared with an earlier period, followers, the best and weakest posts, formats, best hours, audience and stories. One item per account.',
	builderHint:
		'Returns one item: html for email, markdown for chat, files in binary. You do not need an HTML, chart or AI node to write it.',
	fields: [
		accountParameter,
		...dateRangeParameters(COMPARED_RANGES),
		...compareWithParameters,
		judgedByParameter,
		LANGUAGE,
		...agentOutputParameters({ preselected: ['subject', 'markdown'] }),
		optionsParameter([TOP]),
	],
	async *run(item) {
		const { since, until } = comparedDays(item);
		const judgedBy = readJudgedBy(item);
		const parts = partsOf(item, { dateRange: 'custom', since, until, compareWith: readCompareWith(item) });
		const summary = await parts.rows(compare, { metrics: HEADLINE });
		const followers = await parts.rows(getInsights, {
			metrics: [],
			granularity: 'total',
			computed: ['follower_growth', 'follower_growth_rate'],
		});
		const daily = await parts.rows(getInsights, { metrics: ['reach', 'views'], granularity: 'daily' });
		const posts = await parts.rows(getManyMedia, {
			includeInsights: true,
			metrics: POST_METRICS,
			compareWithMedian: true,
			computed: ['engagement_rate'],
			sortBy: judgedBy,
			sortDirection: 'desc',
			returnAll: true,
		});
		const audience: ReportRow[] = [];
		for (const breakdown of AUDIENCE_BY) {
			audience.push(...(await parts.rows(getAudience, { metrics: ['follower_demographics'], breakdown })));
		}
		const stories = await parts.rows(getManyStories, {
			resource: 'story',
			includeInsights: true,
			metrics: ['reach', 'views', 'replies'],
			computed: ['completion_rate'],
			returnAll: true,
		});
		const client = await item.client();
		const timed = posts.map((row) => ({
			publishedAt: new Date(String(row.published)),
			value: numberOf(row[judgedBy]),
		}));
		const week = bestTimeRows(await readOnline(client, parts.item), timed, item);
		const best = rankBestTimes(week);
		parts.assertAnyRead();
		const profile = await parts.profile();
		const perList = readWholeNumber('postsPerList', item.options.postsPerList ?? TOP.default, { from: 1, to: 20 });
		const ranked = posts.filter((row) => numberOf(row[judgedBy]) !== null);
		const top = ranked.slice(0, perList);
		const rows = {
			summary,
			topPosts: top,
			weakestPosts: ranked.slice(top.length).slice(-perList).reverse(),
			formats: formatRows(posts, judgedBy),
			bestTimes: best.slice(0, 10),
			followers: followers[0] === undefined ? null : { followers_count: profile.followers, ...followers[0] },
			audience,
			stories,
		};
		const written = writeReport({
			...rows,
			account: profile,
			since,
			until,
			daily,
			rankedBy: judgedBy,
			posts: posts.length,
			notes: parts.notes(),
			refusals: parts.refusals(),
			locale:
				readChoice(
					'locale',
					item.parameter('locale', ''),
					LANGUAGES.map(([, locale]) => locale),
				) ?? DEFAULT_LOCALE,
			timeZone: item.timeZone,
		});
		const { subject, html, markdown, notes, charts } = written;
		if (parts.refusals().length > 0) item.hint('failed', parts.refusals().join(' '));
		const json = {
			subject,
			html,
			markdown,
			since,
			until,
			...rows,
			notes,
			unavailable: parts.refusals().join(' '),
		};
		yield new RowWithFiles(json, [
			{ property: 'report', name: 'report.html', mimeType: 'text/html', text: html },
			...Object.entries(charts).map(([metric, text]) => ({
				property: `chart_${metric}`,
				name: `${metric}.svg`,
				mimeType: 'image/svg+xml',
				text,
			})),
		]);
	},
	inPanel: inDateRange,
};

/**
 * Reads the rows of other operations for the account and days of this item. Their hints become notes of the report. A
 * part that is refused is empty, with the reason as a note. An error that concerns every part is thrown.
 */
function partsOf(item: Item, days: Readonly<Record<string, unknown>>) {
	const notes = new Set<ReportNote>();
	const refusals = new Set<string>();
	let isAnyRead = false;
	let passing: InsightsError | undefined;
	const asPart = (own: Readonly<Record<string, unknown>>): Item => {
		const parameters: Readonly<Record<string, unknown>> = { ...days, ...own };
		return {
			...item,
			simplify: true,
			options: {},
			parameter: (name, fallback) =>
				Object.hasOwn(parameters, name) ? parameters[name] : item.parameter(name, fallback),
			hint(id) {
				const note = NOTES[id];
				if (note !== undefined) notes.add(note);
			},
		};
	};
	return {
		item: asPart({}),
		notes: () => [...notes],
		refusals: () => [...refusals],
		async rows(operation: Operation, parameters: Readonly<Record<string, unknown>>): Promise<ReportRow[]> {
			const rows: ReportRow[] = [];
			const read = async () => {
				for await (const row of operation.run(asPart(parameters))) rows.push(flatRow(row));
			};
			await read().then(
				() => {
					isAnyRead = true;
				},
				(error: unknown) => {
					if (!isInsightsError(error) || concernsAll(error)) return Promise.reject(error);
					if (error.kind === 'transient' || error.kind === 'answer-unreadable') passing ??= error;
					refusals.add(`${error.graph?.message ?? error.message}. ${error.advice}`);
					return undefined;
				},
			);
			return rows;
		},
		/** @throws {InsightsError} nothing could be read, and the reason may pass: a page of reasons would be sent for good */
		assertAnyRead() {
			if (!isAnyRead && passing !== undefined) throw passing;
		},
		/** The account of the report. If its profile is refused, the page shows the ID. */
		async profile() {
			const { account_id, username } = await item.owner();
			const client = await item.client();
			const asked = client.profile({ fields: ['name', 'followers_count'], signal: item.signal });
			const { name, followers_count: followers }: Partial<Profile> = await asked.catch(() => ({}));
			return {
				id: account_id ?? '',
				username,
				name: typeof name === 'string' ? name : null,
				followers: numberOf(followers),
			};
		},
	};
}

/** A row for the report. Simplified rows hold plain values already. */
function flatRow(row: Row): ReportRow {
	const json = row instanceof RowWithFiles ? row.json : row;
	return Object.fromEntries(Object.entries(json).map(([column, value]) => [column, scalar(value)]));
}

/** One row per format: how many posts, and the median of the metric they are judged by. */
function formatRows(posts: readonly ReportRow[], judgedBy: string): ReportRow[] {
	const byFormat = Map.groupBy(posts, ({ format }) => String(format ?? 'Other'));
	const rows = [...byFormat].map(([format, own]) => {
		const values = own.flatMap((row) => numberOf(row[judgedBy]) ?? []);
		return { format, posts: own.length, median: median(values) };
	});
	return rows.toSorted((a, b) => (b.median ?? -1) - (a.median ?? -1));
}

function numberOf(value: unknown): number | null {
	return typeof value === 'number' ? value : null;
}
