import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { z } from 'zod/v4';
import type { AdminStore } from '../src/admin/admin-store.ts';
import { createMetrics } from '../src/admin/relay-metrics.ts';
import { parseDuration, subscribersJsonSchema } from '../src/admin/subscriber.ts';
import { createProgram } from '../src/cli/cli.ts';
import { readSubscribersFile } from '../src/cli/subscribers-file.ts';
import { systemClock } from '../src/cli/system-clock.ts';
import { DEFAULT_RETRY } from '../src/relay/rules.ts';
import { environmentDefaults, environmentNames, traceDefaults } from './deploy/environment-names.ts';
import { temporaryFolder } from './temporary-folder.ts';

const README = new URL('../README.md', import.meta.url);
const DOCS = new URL('../../../docs/relay/', import.meta.url);
const PAGES = [README, ...readdirSync(DOCS).map((name) => new URL(name, DOCS))];
const textOf = (page: URL) => readFileSync(page, 'utf8');
const readme = PAGES.map(textOf).join('\n');

/** The text under a heading, its subsections included. */
function section(heading: string): string {
	const level = /^#+/.exec(heading)?.[0].length ?? 0;
	const lines = readme.split('\n');
	const from = lines.indexOf(heading);
	if (from === -1) throw new Error(`the README and docs/relay have no "${heading}"`);
	const after = lines.slice(from + 1);
	const end = after.findIndex((line) => new RegExp(`^#{1,${level}} `).test(line));
	return after.slice(0, end === -1 ? undefined : end).join('\n');
}

/** Cells of the table rows of a text, without their backticks, by what stands in the first one. */
function rows(text: string): ReadonlyMap<string, readonly string[]> {
	const found = text.split('\n').flatMap((line): [string, string[]][] => {
		if (!line.startsWith('| `')) return [];
		const cells = line
			.slice(1, -1)
			.split('|')
			.map((cell) => cell.trim());
		return [[cells[0]?.replaceAll('`', '') ?? '', cells.slice(1)]];
	});
	return new Map(found);
}

const bare = (cell: string | undefined) => cell?.replaceAll('`', '');

describe('the tables of the environment', () => {
	test.each([
		['## Environment', environmentDefaults()],
		['## Traces', traceDefaults()],
	])('under "%s" has every variable with its default', (heading, defaults) => {
		const table = rows(section(heading));
		expect(Object.keys(defaults).length).toBeGreaterThan(5);
		expect([...table.keys()].sort()).toEqual(Object.keys(defaults).sort());
		for (const [name, standard] of Object.entries(defaults)) {
			const cell = bare(table.get(name)?.[0]);
			if (standard === null) expect(['none', 'required'], name).toContain(cell);
			else expect(cell, name).toBe(standard);
		}
	});

	test('is followed by the variables that may come from a file', () => {
		const forms = [...environmentNames()].filter((name) => name.endsWith('_FILE'));
		expect(forms.length).toBeGreaterThan(0);
		for (const form of forms) expect(section('## Environment')).toContain(`\`${form}\``);
	});

	test('contains every variable that the pages name', () => {
		const named = new Set(readme.match(/\b(?:RELAY|META|OTEL)_[A-Z0-9_]+\b/g));
		const known = environmentNames();
		expect([...named].filter((name) => !known.has(name) && name !== 'OTEL_SDK_DISABLED')).toEqual([]);
	});
});

describe('the table of subscribers', () => {
	type Properties = Record<string, { type?: string; default?: unknown; properties?: Properties }>;
	const schema = subscribersJsonSchema() as {
		properties: { subscribers: { items: { properties: Properties; required: readonly string[] } } };
	};
	const { properties, required } = schema.properties.subscribers.items;
	const table = rows(section('## Subscribers file'));

	test('has every field of the schema with its default, and no other', () => {
		const fields = Object.entries(properties).flatMap(([name, { properties: inner, default: standard }]) =>
			inner === undefined
				? [{ name, standard }]
				: Object.keys(inner).map((part) => ({ name: `${name}.${part}`, standard: undefined })),
		);
		expect([...table.keys()].sort()).toEqual(fields.map(({ name }) => name).sort());
		for (const { name, standard } of fields) {
			if (standard !== undefined) expect(bare(table.get(name)?.[0]), name).toBe(String(standard));
			if (required.includes(name)) expect(table.get(name)?.[0], name).toBe('required');
		}
	});

	test('has a valid example of each mode', () => {
		const fences = [...readme.matchAll(/```json\n(.*?)```|<<'END'\n(.*?)END\n/gs)];
		const examples = fences.flatMap(([, fenced, here]) => {
			const text = fenced ?? here ?? '';
			return text.includes('"subscribers":') ? [text] : [];
		});
		expect(examples).toHaveLength(1);
		const environment = { N8N_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', DESK_TOKEN: 'fake' };
		const modes = examples.flatMap((example) => {
			const path = join(temporaryFolder(), 'subscribers.json');
			writeFileSync(path, example);
			const reading = readSubscribersFile(path, environment);
			expect(reading).toMatchObject({ ok: true });
			return reading.ok ? reading.subscribers.map(({ mode }) => mode) : [];
		});
		expect(new Set(modes)).toEqual(new Set(['event', 'passthrough']));
	});

	test('shows an event as it is delivered', () => {
		const [, shown = ''] = /```json\n(.*?)```/s.exec(section('### What arrives')) ?? [];
		const delivery = z.strictObject({
			type: z.literal('instagram.comments'),
			timestamp: z.iso.datetime(),
			data: z.strictObject({
				object: z.literal('instagram'),
				account_id: z.string(),
				field: z.literal('comments'),
				value: z.object({ id: z.string() }),
				event_id: z.string().regex(/^evt_[0-9a-f]{32}$/),
				received_at: z.iso.datetime(),
			}),
		});
		expect(delivery.safeParse(JSON.parse(shown)).error).toBeUndefined();
	});
});

describe('the tables of commands, metrics and waits', () => {
	test('list every command and option', () => {
		const text = section('## Commands');
		const program = createProgram({}, { say: () => {}, data: new PassThrough(), fail: () => {} });
		const lines = text.split('\n').filter((line) => line.startsWith('| `'));
		const described = new Set(lines.map((line) => /^\| `([\w-]+)/.exec(line)?.[1]));
		expect([...described].sort()).toEqual(program.commands.map((command) => command.name()).sort());
		for (const command of program.commands) {
			const own = lines.filter((line) => line.startsWith(`| \`${command.name()}`)).join('\n');
			for (const { long } of command.options) expect(own, command.name()).toContain(long);
			const known = new Set(command.options.map(({ long }) => long));
			expect(
				(own.match(/--[\w-]+/g) ?? []).filter((flag) => !known.has(flag)),
				command.name(),
			).toEqual([]);
		}
	});

	test('list every metric with its type and labels', async () => {
		const { registry } = createMetrics({
			store: {} as AdminStore,
			clock: systemClock,
			knownSubscribers: () => [],
			secretNames: [],
		});
		const own = registry.getMetricsAsArray().filter(({ name }) => name.startsWith('relay_'));
		const table = rows(section('## Metrics'));
		expect([...table.keys()].sort()).toEqual(own.map(({ name }) => name).sort());
		for (const metric of own) {
			const { labelNames = [] } = metric as { labelNames?: readonly string[] };
			const [kind, labels] = table.get(metric.name) ?? [];
			expect(kind, metric.name).toBe(String(metric.type));
			expect([...(labels?.matchAll(/`(\w+)`/g) ?? [])].map(([, label]) => label).sort(), metric.name).toEqual(
				[...labelNames].sort(),
			);
		}
		const named = new Set(readme.match(/\brelay_[a-z_]+\b/g));
		const others = [...named].filter((name) => !table.has(name) && name !== 'relay_admin_token');
		expect(others).toEqual([]);
	});

	test('show the waits of the default schedule', () => {
		const [, cells = ''] = /^\| waits \|(.*)\|$/m.exec(section('## Retries')) ?? [];
		const waits = cells.split('|').map((cell) => cell.replace(/ /g, ''));
		expect(waits.pop()).toBe('deaddelivery');
		expect(waits.map(parseDuration)).toEqual(DEFAULT_RETRY.delaysMs);
	});
});

describe('the outcomes of attempts', () => {
	test('list every code used in the source', () => {
		const text = section('### Outcomes of attempts');
		const source = readFileSync(new URL('../src/relay/rules.ts', import.meta.url), 'utf8');
		const [, noAnswer = ''] = /type NoAnswerReason =(.*?);/s.exec(source) ?? [];
		const judged = [...source.matchAll(/reason: '([\w-]+)'/g)].map(([, code]) => code);
		const unanswered = [...noAnswer.matchAll(/'([\w-]+)'/g)].map(([, code]) => code);
		expect(unanswered.length).toBeGreaterThan(5);
		for (const code of [...judged, ...unanswered]) expect(text).toContain(`\`${code}\``);
	});

	test('list every kind of store error', () => {
		const source = readFileSync(new URL('../src/relay/store.ts', import.meta.url), 'utf8');
		const [, kinds = ''] = /type StoreErrorKind =(.*?);\n/s.exec(source) ?? [];
		const known = [...kinds.matchAll(/\| '([\w-]+)'/g)].map(([, kind]) => kind);
		expect(known).toContain('unreachable');
		for (const kind of known) expect(section('## Log')).toContain(`| \`${kind}\` |`);
	});
});

describe('the README and the pages of docs/relay', () => {
	const slugsOf = (page: URL) =>
		new Set(
			[...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
				title
					.toLowerCase()
					.replace(/[^\w -]/g, '')
					.replaceAll(' ', '-'),
			),
		);

	test.each(PAGES.map((page) => [page.pathname.split('/').at(-1), page] as const))(
		'%s leads to files and headings that are there',
		(_name, page) => {
			const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
			for (const target of targets.filter((one) => !/^https?:/.test(one))) {
				const [path = '', heading] = target.split('#');
				const file = path === '' ? page : new URL(path, page);
				expect(existsSync(file), target).toBe(true);
				if (heading !== undefined && file.pathname.includes('/docs/relay/'))
					expect(slugsOf(file), target).toContain(heading);
			}
		},
	);

	test('begin with a short page that links to all others', () => {
		const front = textOf(README);
		expect(front.trimEnd().split('\n').length).toBeLessThanOrEqual(100);
		for (const name of readdirSync(DOCS)) expect(front).toContain(`docs/relay/${name})`);
	});

	test('leave room for the measurements', () => {
		expect(readme).toMatch(/<!-- figures -->.*<!-- \/figures -->/s);
	});
});
