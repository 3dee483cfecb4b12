import { drawLineChart } from './chart-svg.ts';
import { writeHtml, writeMarkdown } from './render-report.ts';
import type { Report, ReportContent, ReportData, ReportRow } from './report-data.ts';
import { dailyMetrics, dailyPoints, notesInWords, reportSections } from './report-sections.ts';
import { type ReportLanguage, reportLanguage } from './report-words.ts';

const NOTHING: Omit<ReportData, 'account' | 'since' | 'until'> = {
	summary: [],
	followers: null,
	daily: [],
	rankedBy: 'reach',
	topPosts: [],
	weakestPosts: [],
	posts: 0,
	formats: [],
	bestTimes: [],
	audience: [],
	stories: [],
	notes: [],
	refusals: [],
	locale: 'en',
	timeZone: 'UTC',
};

/**
 * Write a report about an account and a range of days. It computes nothing: each number it shows is a column of a row in
 * `content`, written as the locale writes it. A section without rows is left out.
 *
 * @returns a mail (`html`, below 100 kB), a chat message (`markdown`), its subject, and one SVG per daily metric
 */
export function writeReport(content: ReportContent): Report {
	const data = { ...NOTHING, ...content };
	const language = reportLanguage(data.locale);
	const { username, name, id } = data.account;
	const who = username ? `@${username}` : (name ?? id);
	const days = language.days(data.since, data.until);
	const title = `${who}: ${language.word('report')}`;
	const subtitle = [days, comparedDays(data.summary, language)].filter((part) => part !== null).join(', ');
	const sections = reportSections(data, language);
	const charts = dailyMetrics(data).map((metric) => {
		const heading = `${who}: ${language.label(metric)} ${language.word('byDay')}`;
		return [metric, drawLineChart(heading, dailyPoints(data, metric), language)] as const;
	});
	return {
		subject: [`${title}, ${days}`, headlineChange(data.summary, language)].filter((part) => part !== null).join(' · '),
		notes: notesInWords(data, language),
		html: writeHtml({ locale: language.locale, title, subtitle, sections }),
		markdown: writeMarkdown(title, subtitle, sections),
		charts: Object.fromEntries(charts.flatMap(([metric, svg]) => (svg === null ? [] : [[metric, svg]]))),
	};
}

function comparedDays(summary: readonly ReportRow[], language: ReportLanguage): string | null {
	const row = summary.find(({ previousSince, previousUntil }) => previousSince && previousUntil);
	if (!row) return null;
	return `${language.word('comparedWith')} ${language.days(String(row.previousSince), String(row.previousUntil))}`;
}

/** The first change there is, for the subject: `Reach +12.5%`. */
function headlineChange(summary: readonly ReportRow[], language: ReportLanguage): string | null {
	const row = summary.find(({ changePercent }) => typeof changePercent === 'number');
	if (!row || typeof row.changePercent !== 'number') return null;
	return `${language.label(String(row.metric))} ${language.change(row.changePercent)}`;
}
