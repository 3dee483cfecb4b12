import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isLongRun } from '@instagram-insights/webhook-relay/test/long-tests';
import { pollUntil } from '@instagram-insights/webhook-relay/test/poll-until';
import { commentReceipt, NOON } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { moveStore } from '../../src/move/move-store.ts';
import { openPostgresStore } from '../../src/postgres-store.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { afterMove, everythingOf } from './everything-of.ts';
import { fillMany, fillSample, openSample } from './sample-source.ts';

const PROCESS = fileURLToPath(new URL('move-process.ts', import.meta.url));
const LINES_BETWEEN_KILLS = isLongRun() ? 1 : 4;

let server: PostgresServer;
let to: string;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(() => server.remove());
beforeEach(async () => {
	to = await server.createDatabase();
});

const query = (sql: string) => server.query(sql, new URL(to).pathname.slice(1));
const move = (from: string, changes: Partial<Parameters<typeof moveStore>[0]> = {}) =>
	moveStore({ from, to, say: () => {}, now: () => NOON, limits: { rows: 2, bytes: 1000 }, ...changes });

/** A move in a process of its own, with batches of so many rows. */
function startMove(from: string, rows: number): ChildProcess {
	const args = ['--conditions=@instagram-insights/source', '--disable-warning=ExperimentalWarning', PROCESS];
	const child = spawn(process.execPath, [...args, from, to, `${rows}`], { stdio: ['ignore', 'pipe', 'inherit'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	return child;
}

async function killHard(child: ChildProcess): Promise<void> {
	const gone = once(child, 'exit');
	child.kill('SIGKILL');
	await gone;
}

async function expectEverythingMoved(path: string): Promise<void> {
	const source = await openSample(path);
	onTestFinished(() => source.close());
	const target = await openPostgresStore({ url: to, dedupMs: 1, replica: 'one' });
	onTestFinished(() => target.close());
	expect(await everythingOf(target)).toEqual(afterMove(await everythingOf(source)));
}

describe('an interrupted move', () => {
	test('is taken up where it was after each batch', async () => {
		const path = await fillSample();
		let runs = 0;
		for (let finished = false; !finished; runs += 1) {
			expect(runs).toBeLessThan(60);
			let batches = 0;
			try {
				await move(path, {
					afterBatch() {
						batches += 1;
						throw new Error('out of power');
					},
				});
				finished = true;
			} catch (error) {
				expect(error).toMatchObject({ message: 'out of power' });
				expect(batches).toBe(1);
			}
		}
		// 49 rows in batches of two: every table ends with one that may be smaller.
		expect(runs).toBeGreaterThan(20);
		await expectEverythingMoved(path);
	});

	test(`survives kill -9 at every stage it tells of`, async () => {
		const path = await fillMany(400);
		let [kills, ended] = [0, false];
		for (let line = 1; !ended; line += LINES_BETWEEN_KILLS) {
			const child = startMove(path, 20);
			let lines = 0;
			for await (const _ of createInterface({ input: child.stdout ?? process.stdin })) {
				lines += 1;
				if (lines === line) break;
			}
			ended = lines < line;
			if (!ended) kills += 1;
			await killHard(child);
		}
		expect(kills).toBeGreaterThan(3);
		expect((await move(path)).tables.every(({ same }) => same)).toBe(true);
		await expectEverythingMoved(path);
	});

	test('survives kill -9 between its lines, among many small commits', async () => {
		const path = await fillMany(2000);
		for (let kill = 1; kill <= 4; kill += 1) {
			const child = startMove(path, 5);
			await pollUntil('more rows to have come', async () => {
				if (child.exitCode !== null) throw new Error('the move ended before it was killed');
				const [row] = await query('SELECT coalesce(sum(moved_rows), 0)::int AS moved FROM relay.moved_table').catch(
					() => [{ moved: 0 }],
				);
				return Number(row?.moved) >= kill * 900;
			});
			await killHard(child);
			const [row] = await query('SELECT finished_at FROM relay.move');
			expect(row).toEqual({ finished_at: null });
		}
		expect((await move(path, { limits: { rows: 1000, bytes: 1e6 } })).tables.every(({ same }) => same)).toBe(true);
		await expectEverythingMoved(path);
	});

	test('is taken up after PostgreSQL itself was lost', async () => {
		const path = await fillSample();
		const own = await startPostgres({ durable: true });
		onTestFinished(() => own.remove());
		let batches = 0;
		const broken = moveStore({
			...{ from: path, to: own.url(), say: () => {}, now: () => NOON, limits: { rows: 2, bytes: 1000 } },
			async afterBatch() {
				batches += 1;
				if (batches === 8) await own.kill();
			},
		});
		await expect(broken).rejects.toMatchObject({ name: 'StoreError', kind: 'unreachable' });
		await own.start();
		const { tables } = await moveStore({ from: path, to: own.url(), say: () => {}, now: () => NOON });
		expect(tables.every(({ same }) => same)).toBe(true);
	});

	test('keeps relays from starting on the target until it is finished', async () => {
		const path = await fillSample();
		const fail = () => {
			throw new Error('stop');
		};
		await expect(move(path, { afterBatch: fail })).rejects.toThrow('stop');
		const open = () => openPostgresStore({ url: to, dedupMs: 1, replica: 'one' });
		await expect(open()).rejects.toThrow(/is not finished: run "instagram-webhook-relay migrate"/);
		await move(path);
		await (await open()).close();
	});

	test('refuses a source that has gone on meanwhile, and begins again when told to', async () => {
		const path = await fillSample();
		const fail = () => {
			throw new Error('stop');
		};
		await expect(move(path, { afterBatch: fail })).rejects.toThrow('stop');
		const source = await openSample(path);
		await source.append(commentReceipt(['later'], { receivedAt: NOON + 500 }));
		await source.close();
		await expect(move(path)).rejects.toMatchObject({ kind: 'source-changed', message: /event \(7 rows then, 8 now\)/ });
		const { tables } = await move(path, { restart: true });
		expect(tables.find(({ name }) => name === 'event')).toMatchObject({ target: { rows: 8 }, same: true });
		await expectEverythingMoved(path);
	});
});
