import type { ReportLanguage } from './report-words.ts';

/** One value per day, in time order; `null` where there is none, which leaves a gap. */
export type ChartPoint = { readonly date: string; readonly value: number | null };

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 64;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 36;

/**
 * A line over days as a self-contained SVG of 640 × 260, readable on light and dark backgrounds.
 *
 * @returns null when no point has a value
 */
export function drawLineChart(title: string, points: readonly ChartPoint[], language: ReportLanguage): string | null {
	const values = points.flatMap(({ value }) => value ?? []);
	if (values.length === 0) return null;
	const { ticks, top } = scale(Math.max(...values, 1));
	const x = (index: number) =>
		LEFT + (points.length === 1 ? 0.5 : index / (points.length - 1)) * (WIDTH - LEFT - RIGHT);
	const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
	const lines = ticks.map(
		(tick) =>
			`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="#e3e3e8"/>` +
			`<text x="${LEFT - 8}" y="${round(y(tick) + 4)}" text-anchor="end">${escapeXml(language.number(tick))}</text>`,
	);
	const labels = labelled(points.length).map((index) => {
		const anchor =
			points.length > 1 && index === points.length - 1 ? 'end' : index === 0 && points.length > 1 ? 'start' : 'middle';
		return `<text x="${round(x(index))}" y="${HEIGHT - 12}" text-anchor="${anchor}">${escapeXml(language.day(points[index]?.date ?? ''))}</text>`;
	});
	const dots = points.flatMap(({ value }, index) =>
		value === null || points.length > 45
			? []
			: `<circle cx="${round(x(index))}" cy="${round(y(value))}" r="2.5" fill="#b0357d"/>`,
	);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="Helvetica,Arial,sans-serif" font-size="12" fill="#5f5f66">`,
		`<title>${escapeXml(title)}</title>`,
		`<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#ffffff"/>`,
		`<text x="16" y="26" font-size="15" font-weight="bold" fill="#1d1d1f">${escapeXml(title)}</text>`,
		...lines,
		...labels,
		`<path d="${pathOf(points, x, y)}" fill="none" stroke="#b0357d" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`,
		...dots,
		'</svg>',
	].join('');
}

/** A line that breaks where a day has no value. */
function pathOf(points: readonly ChartPoint[], x: (index: number) => number, y: (value: number) => number): string {
	let path = '';
	let isDrawing = false;
	for (const [index, { value }] of points.entries()) {
		if (value !== null) path += `${isDrawing ? 'L' : 'M'}${round(x(index))} ${round(y(value))}`;
		isDrawing = value !== null;
	}
	return path;
}

/** Whole, round steps from 0 to at least `highest`. */
function scale(highest: number): { ticks: number[]; top: number } {
	const rough = highest / 4;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough);
	const count = Math.ceil(highest / step);
	return { ticks: Array.from({ length: count + 1 }, (_, index) => index * step), top: count * step };
}

/** The first, the last, and at most four days between them. */
function labelled(count: number): number[] {
	const steps = Math.min(count - 1, 5);
	return steps < 1 ? [0] : Array.from({ length: steps + 1 }, (_, index) => Math.round((index * (count - 1)) / steps));
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

/** Text that may appear in HTML and XML, between tags and in quoted attributes. */
export function escapeXml(text: string): string {
	return (
		text
			// biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow them, and captions may hold them
			.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
			.replaceAll('&', '&amp;')
			.replaceAll('<', '&lt;')
			.replaceAll('>', '&gt;')
			.replaceAll('"', '&quot;')
			.replaceAll("'", '&#39;')
	);
}
