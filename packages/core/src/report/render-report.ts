import { type ChartPoint, escapeXml } from './chart-svg.ts';
import type { Block, Cell, PostBlock, Section } from './report-sections.ts';

/** What mail programs show: tables, inline styles, no script and nothing to load. */
export type HtmlPage = {
	readonly locale: string;
	readonly title: string;
	readonly subtitle: string;
	readonly sections: readonly Section[];
};

const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const INK = '#1d1d1f';
const QUIET = '#5f5f66';
const ACCENT = '#b0357d';
const BAR_HEIGHT = 96;

/** Colours for people who read in the dark; mail programs without media queries keep the light ones. */
const DARK = `:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.page{background:#121214!important}.card{background:#1e1e22!important}
.ink{color:#f2f2f4!important}.quiet{color:#b0b0b8!important}
.line{border-color:#37373d!important}.up{color:#5fd38d!important}.down{color:#ff8f8f!important}
.bar{background:#e06aae!important}.link{color:#f29ac6!important}
}`;

/** A whole page, readable from 360 px on. */
export function writeHtml({ locale, title, subtitle, sections }: HtmlPage): string {
	return [
		'<!doctype html>',
		`<html lang="${escapeXml(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
		'<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
		`<title>${escapeXml(title)}</title><style>${DARK}</style></head>`,
		`<body class="page" style="-webkit-text-size-adjust:100%;margin:0;padding:0;background:#f4f4f6;${FONT};color:${INK}">`,
		'<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f4f6"><tr><td align="center" style="padding:16px 8px">',
		'<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;background:#ffffff;border-radius:12px">',
		`<tr><td style="padding:24px 20px 4px"><h1 class="ink" style="margin:0;font-size:22px;line-height:1.3;color:${INK}">${escapeXml(title)}</h1>`,
		`<p class="quiet" style="margin:6px 0 0;font-size:14px;line-height:1.5;color:${QUIET}">${escapeXml(subtitle)}</p></td></tr>`,
		...sections.map(writeSection),
		'<tr><td style="padding:0 0 20px;font-size:1px;line-height:1px">&nbsp;</td></tr>',
		'</table></td></tr></table></body></html>\n',
	].join('\n');
}

function writeSection({ title, blocks }: Section): string {
	const head = `<h2 class="ink" style="margin:0 0 8px;font-size:16px;line-height:1.3;color:${INK}">${escapeXml(title)}</h2>`;
	return `<tr><td style="padding:20px 20px 0">${head}${blocks.map(writeHtmlBlock).join('')}</td></tr>`;
}

function writeHtmlBlock(block: Block): string {
	switch (block.kind) {
		case 'text':
			return paragraph(block.text);
		case 'list':
			return `<ul class="quiet" style="margin:0;padding:0 0 0 18px;font-size:14px;line-height:1.5;color:${QUIET}">${block.items
				.map((item) => `<li style="margin:0 0 4px">${escapeXml(item)}</li>`)
				.join('')}</ul>`;
		case 'bars':
			return `${writeBars(block.title, block.points)}${paragraph(block.summary)}`;
		case 'posts':
			return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0">${block.posts.map(writePost).join('')}</table>`;
		case 'table':
			return writeTable(block.columns, block.rows);
		default:
			return block satisfies never;
	}
}

function paragraph(text: string): string {
	return `<p class="quiet" style="margin:0 0 6px;font-size:14px;line-height:1.5;color:${QUIET}">${escapeXml(text)}</p>`;
}

function writeTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
	const align = (index: number) => (index === 0 ? 'left' : 'right');
	const heads = columns.map(
		(name, index) =>
			`<th class="quiet line" align="${align(index)}" style="padding:6px ${index === 0 ? '6px 6px 0' : '0 6px 6px'};font-size:12px;font-weight:600;color:${QUIET};border-bottom:1px solid #e3e3e8">${escapeXml(name)}</th>`,
	);
	const body = rows.map(
		(cells) => `<tr>${cells.map((cell, index) => writeCell(cell, align(index), index)).join('')}</tr>`,
	);
	const head = heads.length === 0 ? '' : `<tr>${heads.join('')}</tr>`;
	return `<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;overflow-wrap:anywhere;hyphens:auto">${head}${body.join('')}</table>`;
}

function writeCell({ text, trend }: Cell, align: string, index: number): string {
	const colour = trend === undefined ? INK : trend === 'up' ? '#137a3c' : '#c02b2b';
	const arrow = trend === undefined ? '' : `<span aria-hidden="true">${trend === 'up' ? '▲' : '▼'}&nbsp;</span>`;
	const weight = index === 1 ? 'font-weight:600;' : '';
	const wrap = index === 0 ? '' : 'white-space:nowrap;';
	return `<td class="${trend ?? 'ink'} line" align="${align}" style="padding:7px ${index === 0 ? '6px 7px 0' : '0 7px 6px'};font-size:14px;line-height:1.35;${weight}${wrap}color:${colour};border-bottom:1px solid #e3e3e8">${arrow}${escapeXml(text)}</td>`;
}

/** Upright bars made of table cells, since mail programs show no SVG. One row of cells, one bar per day. */
function writeBars(title: string, points: readonly ChartPoint[]): string {
	const highest = Math.max(...points.map(({ value }) => value ?? 0), 1);
	const bars = points.map(({ value }) => {
		const height = value === null ? 0 : Math.max(1, Math.round((value / highest) * BAR_HEIGHT));
		const bar =
			height === 0
				? ''
				: `<div class="bar" style="height:${height}px;background:${ACCENT};border-radius:2px 2px 0 0;font-size:0">&nbsp;</div>`;
		return `<td valign="bottom" style="height:${BAR_HEIGHT}px;padding:0 ${points.length > 45 ? 0 : 1}px">${bar}</td>`;
	});
	return `<table width="100%" cellpadding="0" cellspacing="0" role="img" aria-label="${escapeXml(title)}" style="table-layout:fixed;margin:0 0 6px"><tr>${bars.join('')}</tr></table>`;
}

function writePost({ title, link, facts }: PostBlock, index: number): string {
	const text = escapeXml(title);
	const head =
		link === null
			? text
			: `<a class="link" href="${escapeXml(link)}" style="color:${ACCENT};text-decoration:none">${text}</a>`;
	return `<tr><td class="quiet" width="24" valign="top" style="padding:6px 0;font-size:14px;color:${QUIET}">${index + 1}.</td><td style="padding:6px 0;word-break:break-word"><div class="ink" style="font-size:14px;line-height:1.4;font-weight:600;color:${INK}">${head}</div><div class="quiet" style="font-size:13px;line-height:1.5;color:${QUIET}">${facts.map(escapeXml).join(' · ')}</div></td></tr>`;
}

/** The sections for chat: lists instead of tables, which chat programs do not show. */
export function writeMarkdown(title: string, subtitle: string, sections: readonly Section[]): string {
	const parts = sections.map(({ title: head, blocks }) =>
		[`## ${escaped(head)}`, ...blocks.map(writeMarkdownBlock)].join('\n'),
	);
	return `${[`# ${escaped(title)}\n${escaped(subtitle)}`, ...parts].join('\n\n')}\n`;
}

function writeMarkdownBlock(block: Block): string {
	switch (block.kind) {
		case 'text':
			return escaped(block.text);
		case 'list':
			return block.items.map((item) => `- ${escaped(item)}`).join('\n');
		case 'bars':
			return `- ${escaped(block.summary)}`;
		case 'posts':
			return block.posts
				.map(({ title, link, facts }, index) => {
					const head = link === null ? escaped(title) : `[${escaped(title)}](${link})`;
					return `${index + 1}. ${head} – ${facts.map(escaped).join(' · ')}`;
				})
				.join('\n');
		case 'table':
			return block.rows
				.map(([first, ...rest]) => {
					const facts = rest.map(({ text }, index) =>
						`${escaped(block.columns[index + 1] ?? '')} ${escaped(text)}`.trim(),
					);
					return `- **${escaped(first?.text ?? '')}**: ${facts.join(' · ')}`;
				})
				.join('\n');
		default:
			return block satisfies never;
	}
}

/** Text as itself: what would begin a link, emphasis, code or a mention in a chat program is escaped. */
function escaped(text: string): string {
	return text.replace(/[\r\n\t ]+/g, ' ').replace(/[\\`*_[\]<>~|]/g, '\\$&');
}
