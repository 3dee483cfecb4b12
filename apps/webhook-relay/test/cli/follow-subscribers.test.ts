import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manualClock } from '@instagram-insights/core/testing';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SubscriberSourceOptions } from '../../src/cli/follow-subscribers.ts';
import { followSubscribers } from '../../src/cli/follow-subscribers.ts';
import type { Subscriber } from '../../src/relay/event.ts';
import { pollUntil } from '../poll-until.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const [SECRET, NEW_SECRET] = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQh'];

/** Follow a file in a new folder. */
async function startSource(options: Partial<SubscriberSourceOptions> = {}) {
	const folder = temporaryFolder();
	const path = join(folder, 'subscribers.json');
	const secretPath = join(folder, 'secret');
	writeFileSync(secretPath, SECRET);
	const write = (...ids: readonly string[]) => {
		const subscribers = ids.map((id) => ({ id, url: 'http://127.0.0.1:9/', secret: { file: secretPath } }));
		writeFileSync(path, JSON.stringify({ subscribers }));
	};
	write('a');
	const [lines, used]: [string[], (readonly Subscriber[])[]] = [[], []];
	const clock = manualClock('2026-11-23T12:00:00Z');
	const source = await followSubscribers({
		path,
		environment: {},
		clock,
		log: pino({}, { write: (line: string) => void lines.push(line) }),
		use: async (list) => void used.push(list),
		lastList: async () => null,
		kept: async () => '{"subscribers":[]}',
		...options,
	});
	onTestFinished(() => source.close());
	/** The next looks, until they have brought it about. */
	const lookUntil = (what: string, holds: () => boolean) =>
		pollUntil(what, async () => {
			await clock.advance(1000);
			return holds();
		});
	const ids = () => source.current().map(({ id }) => id);
	return { path, secretPath, folder, write, lines, used, clock, source, lookUntil, ids };
}

describe('followSubscribers', () => {
	test('applies a changed file', async () => {
		const { write, lookUntil, ids, used } = await startSource();
		write('a', 'b');
		await lookUntil('the new list', () => ids().length === 2);
		expect(used.map((list) => list.map(({ id }) => id))).toEqual([['a'], ['a', 'b']]);
	});

	test('notices a change made while the first list is loaded', async () => {
		const path = join(temporaryFolder(), 'subscribers.json');
		writeFileSync(path, '{ "subscribers": [] }');
		let [first, taken] = [true, 0];
		const source = await followSubscribers({
			path,
			environment: {},
			clock: manualClock('2026-11-23T12:00:00Z'),
			log: pino({ level: 'silent' }),
			lastList: async () => null,
			kept: async () => '{"subscribers":[]}',
			async use(list) {
				taken = list.length;
				if (first) writeFileSync(path, JSON.stringify({ subscribers: [{ id: 'late', url: 'http://127.0.0.1:9/' }] }));
				first = false;
			},
		});
		onTestFinished(() => source.close());
		await pollUntil('the late subscriber', () => taken === 1);
	});

	test('reads a secret again when its file changes', async () => {
		const { secretPath, lookUntil, source } = await startSource();
		expect(source.current()[0]?.secrets).toEqual([SECRET]);
		writeFileSync(secretPath, `${NEW_SECRET}\n`);
		await lookUntil('the new secret', () => source.current()[0]?.secrets[0] === NEW_SECRET);
	});

	test('follows a link that is swapped', async () => {
		const { path, folder, lookUntil, ids } = await startSource();
		const other = join(folder, 'other.json');
		writeFileSync(other, JSON.stringify({ subscribers: [{ id: 'swapped', url: 'http://127.0.0.1:9/' }] }));
		rmSync(path);
		symlinkSync(other, path);
		await lookUntil('the other list', () => ids()[0] === 'swapped');
	});

	test('retries a list that could not be applied, and keeps the previous one until then', async () => {
		let broken = false;
		const { write, lookUntil, lines, ids } = await startSource({
			use: async () => {
				if (broken) throw new Error('store locked');
			},
		});
		broken = true;
		write('b');
		await lookUntil('two failures', () => lines.filter((line) => line.includes('store locked')).length >= 2);
		expect(ids()).toEqual(['a']);
		broken = false;
		await lookUntil('the new list', () => ids()[0] === 'b');
	});

	test('reports an unusable file once, and keeps the previous list', async () => {
		const { path, write, lookUntil, lines, ids, clock } = await startSource();
		writeFileSync(path, '{ "subscribers": [');
		await lookUntil('the problem', () => lines.some((line) => line.includes('not usable')));
		for (let look = 0; look < 3; look += 1) {
			const before = clock.sleeps.length;
			await clock.advance(1000);
			await pollUntil('the look', () => clock.sleeps.length > before);
		}
		expect(lines.filter((line) => line.includes('not usable'))).toHaveLength(1);
		expect(ids()).toEqual(['a']);
		write('b');
		await lookUntil('the fixed list', () => ids()[0] === 'b');
	});

	test('warns once of a name that is new at Meta or misspelt, and uses the list', async () => {
		const { path, lines, lookUntil, ids } = await startSource();
		const entry = (id: string) => ({ id, url: 'http://127.0.0.1:9/', match: { fields: ['a_field_of_next_year'] } });
		for (const list of [['b'], ['b', 'c']]) {
			writeFileSync(path, JSON.stringify({ subscribers: list.map(entry) }));
			await lookUntil('the list', () => ids().length === list.length && ids()[0] === 'b');
		}
		const warnings = lines.filter((line) => line.includes('check its spelling')).map((line) => JSON.parse(line));
		expect(warnings).toMatchObject([
			{ level: 40, subscriberId: 'b', name: 'a_field_of_next_year' },
			{ level: 40, subscriberId: 'c', name: 'a_field_of_next_year' },
		]);
	});

	test.each(['path', 'secretPath'] as const)('does not wait for a named pipe in place of a file (%s)', async (name) => {
		const source = await startSource();
		// At once: a look in between would find no file and report that.
		execFileSync('mkfifo', [`${source[name]}-pipe`]);
		renameSync(`${source[name]}-pipe`, source[name]);
		await source.lookUntil('the problem', () => source.lines.some((line) => line.includes('is a named pipe')));
		expect(source.ids()).toEqual(['a']);
		rmSync(source[name]);
		writeFileSync(source.secretPath, NEW_SECRET);
		source.write('b');
		await source.lookUntil('the file', () => source.ids()[0] === 'b');
	});

	test('uses the list kept in the store when the file is broken at the start', async () => {
		const path = join(temporaryFolder(), 'subscribers.json');
		writeFileSync(path, '{ "subscribers": [ }');
		const kept = JSON.stringify({ subscribers: [{ id: 'kept', url: 'http://127.0.0.1:9/' }] });
		const { ids, lines, lookUntil, used } = await startSource({ path, lastList: async () => kept });
		expect(ids()).toEqual(['kept']);
		expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
			level: 50,
			problems: ['line 1, column 20: a value is missing here; check for an extra comma before it'],
			delivering: ['kept'],
		});
		writeFileSync(path, JSON.stringify({ subscribers: [{ id: 'corrected', url: 'http://127.0.0.1:9/' }] }));
		await lookUntil('the corrected list', () => ids()[0] === 'corrected');
		expect(used.map((list) => list.map(({ id }) => id))).toEqual([['kept'], ['corrected']]);
	});

	test('without a kept list, delivers to valid entries and collects deliveries for the others', async () => {
		const path = join(temporaryFolder(), 'subscribers.json');
		const url = 'http://127.0.0.1:9/';
		const subscribers = [{ id: 'a', url }, { id: 'b', url, secret: { env: 'NOT_SET' } }, { id: 'c', url: 'n8n' }, {}];
		writeFileSync(path, JSON.stringify({ subscribers }));
		const waiting: string[] = [];
		const { ids, source } = await startSource({
			path,
			use: async (_list, from) => void waiting.push(...(from?.waiting ?? []).map(({ id }) => id)),
		});
		expect([ids(), waiting, source.known()]).toEqual([['a'], ['b', 'c'], ['a', 'b', 'c']]);
	});

	test('keeps each usable list in the store', async () => {
		const lists: (string | undefined)[] = [];
		const { write, lookUntil, path } = await startSource({ use: async (_list, from) => void lists.push(from?.list) });
		write('b');
		await lookUntil('the second list', () => lists.length === 2);
		expect(lists[1]).toBe(readFileSync(path, 'utf8'));
		expect(lists[0]).toContain('"a"');
	});

	describe('with subscribers that the store keeps', () => {
		const url = 'http://127.0.0.1:9/';
		const textOf = (...ids: readonly string[]) => JSON.stringify({ subscribers: ids.map((id) => ({ id, url })) });

		test('needs no file', async () => {
			const { ids, source } = await startSource({ path: undefined, kept: async () => textOf('added') });
			expect([ids(), source.known(), source.idsInFile()]).toEqual([['added'], ['added'], []]);
		});

		test('applies changes of another replica within a second, and its own at once', async () => {
			let kept = textOf();
			const { ids, lookUntil, source } = await startSource({ kept: async () => kept });
			kept = textOf('other');
			await lookUntil('the one of the other replica', () => ids().join() === 'a,other');
			kept = textOf('other', 'own');
			await source.refresh();
			expect(ids()).toEqual(['a', 'other', 'own']);
		});

		test('keeps them while the store is away, and prefers the file when both contain an id', async () => {
			let away = false;
			const { ids, lookUntil, write, source } = await startSource({
				kept: async () => {
					if (away) throw new Error('away');
					return textOf('a', 'b');
				},
			});
			expect(ids()).toEqual(['a', 'b']);
			expect(source.current()[0]?.secrets).toEqual([SECRET]);
			away = true;
			write('c');
			await lookUntil('the new file', () => ids().includes('c'));
			expect(ids()).toEqual(['c', 'a', 'b']);
		});
	});
});
