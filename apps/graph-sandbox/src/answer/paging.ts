import { endOfDay, startOfDay } from '../world/pacific-day.ts';
import type { Call } from './call.ts';
import type { Field } from './field-list.ts';
import { type InsightsWindow, list } from './insights-query.ts';
import { invalidParameter, reduceData } from './refusals.ts';

const DEFAULT_PAGE = 25;
const LARGEST_PAGE = 100;

/** One page of a list whose items have ids, newest first. */
export type Page<T> = {
	readonly items: readonly T[];
	readonly paging: object | undefined;
};

/**
 * Cut one page by `limit`, `after` and `before`. A limit over 100 silently becomes 100.
 * `paging.next` carries the access token, as Meta's does.
 *
 * @param path where the edge is, without version: `1784…/media`
 * @throws {GraphRefusal} a cursor that is not ours
 */
export function cursorPage<T extends { readonly id: string }>(
	call: Call,
	path: string,
	params: Readonly<Record<string, string>>,
	items: readonly T[],
): Page<T> {
	const limit = pageSize(params.limit);
	const after = params.after === undefined ? -1 : positionOf(params.after, items);
	const before = params.before === undefined ? items.length : positionOf(params.before, items);
	const start = params.before === undefined ? after + 1 : Math.max(after + 1, before - limit);
	const end = Math.min(before, start + limit);
	const page = items.slice(start, end);
	const first = page[0];
	const last = page.at(-1);
	if (first === undefined || last === undefined) return { items: page, paging: undefined };
	const link = (change: Record<string, string>): string => {
		const { after: _after, before: _before, ...rest } = params;
		return linkOf(call, path, { ...rest, limit: String(limit), ...change });
	};
	return {
		items: page,
		paging: {
			cursors: { before: cursorOf(first.id), after: cursorOf(last.id) },
			...(end < items.length ? { next: link({ after: cursorOf(last.id) }) } : {}),
			...(start > 0 ? { previous: link({ before: cursorOf(first.id) }) } : {}),
		},
	};
}

function pageSize(text: string | undefined): number {
	if (text === undefined) return DEFAULT_PAGE;
	const asked = Number(text);
	if (!Number.isInteger(asked) || asked < 1) throw invalidParameter('Param limit must be a positive number');
	return Math.min(asked, LARGEST_PAGE);
}

/** Links to the window before and the window after. There is always a next one: following them never ends. */
export function timePaging(
	call: Call,
	path: string,
	params: Readonly<Record<string, string>>,
	window: InsightsWindow,
): object {
	const since = startOfDay(window.since) / 1000;
	const until = startOfDay(window.until) / 1000;
	const length = Math.max(until - since, (endOfDay(window.since) - startOfDay(window.since)) / 1000);
	const link = (from: number): string =>
		linkOf(call, path, { ...params, since: String(from), until: String(from + length) });
	return { previous: link(since - length), next: link(until) };
}

function linkOf(call: Call, path: string, params: Readonly<Record<string, string>>): string {
	const query = new URLSearchParams({ access_token: call.token.value, ...params });
	return `${call.baseUrl}/${call.version}/${path}?${query}`;
}

function cursorOf(id: string): string {
	return Buffer.from(`cursor:${id}`).toString('base64url');
}

function positionOf(cursor: string, items: readonly { readonly id: string }[]): number {
	const id = Buffer.from(cursor, 'base64url')
		.toString()
		.replace(/^cursor:/, '');
	const position = items.findIndex((item) => item.id === id);
	if (position < 0) throw invalidParameter('Invalid cursors values');
	return position;
}

/** Work one page of media may ask for unless the sandbox is started with another budget. */
export const PAGE_BUDGET = 5_000;

/** Objects that Graph looks up for each medium of the page. */
const NESTED_OBJECTS: ReadonlySet<string> = new Set(['children', 'owner', 'collaborators', 'comments']);
/** What such a look-up costs, in plain fields. */
const LOOK_UP = 60;

/**
 * Work asked for each medium of a page: 1 for a plain field or a metric, 60 for an object with fields of its own, and those.
 *
 * A hundred posts with every field and metric fit the budget; a hundred with their children's fields do not, fifty do.
 */
export function workOfMedium(fields: readonly Field[]): number {
	return fields.reduce((work, field) => work + workOfField(field), 0);
}

function workOfField(field: Field): number {
	if (field.name === 'insights') return list(field.params.metric).length;
	return field.fields !== null && NESTED_OBJECTS.has(field.name) ? LOOK_UP + workOfMedium(field.fields) : 1;
}

/**
 * A single medium is always answered.
 *
 * @throws {GraphRefusal} the page asks for more work than the budget: a smaller one passes
 */
export function requireLightPage(budget: number, media: number, fields: readonly Field[]): void {
	if (media > 1 && media * workOfMedium(fields) > budget) throw reduceData();
}
