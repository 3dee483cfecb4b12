import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '@instagram-insights/relay-postgres/test/postgres-server';
import type { AdminStore } from '../src/admin/admin-store.ts';
import { openSqliteStore } from '../src/sqlite/sqlite-event-store.ts';
import { claimBy, commentReceipt, NOON, subscriber } from '../test/relay/sample-receipt.ts';
import { removeFolder } from './bench-relay.ts';
import { count, table } from './table.ts';

const SIZES = [100_000, 400_000];
const RECEIPT = 10;
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/**
 * What the command `migrate` takes for a store of one subscriber, ten events a receipt, every other event delivered:
 * memory must not grow with the store.
 */
export async function moving(): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'relay-bench-'));
	const server = await startPostgres({ durable: true, settings: ['shared_buffers = 256MB', 'max_wal_size = 4GB'] });
	try {
		const rows: (string | number)[][] = [];
		for (const events of SIZES) {
			const path = join(folder, `${events}.db`);
			const store = await openSqliteStore({ path, dedupMs: 1 });
			await fill(store, events);
			await store.close();
			const { seconds, peakMegabytes, moved } = await move(path, await server.createDatabase());
			const megabytes = statSync(path).size / 1024 / 1024;
			rows.push([
				...[count(events), count(moved), `${count(megabytes)} MB`, `${seconds.toFixed(1)} s`],
				...[count(moved / seconds), `${count(peakMegabytes)} MB`],
			]);
		}
		return table(['events', 'rows of all tables', 'SQLite file', 'move', 'rows/s', 'peak memory'], rows);
	} finally {
		await server.remove();
		removeFolder(folder);
	}
}

async function fill(store: AdminStore, events: number): Promise<void> {
	await store.route([subscriber('n8n')]);
	for (let first = 0; first < events; first += 1000) {
		await Promise.all(
			Array.from({ length: 1000 / RECEIPT }, (_, part) => {
				const ids = Array.from(
					{ length: RECEIPT },
					(_, index) => `179${String(first + part * RECEIPT + index).padStart(14, '0')}`,
				);
				return store.append(commentReceipt(ids, { accountId: `178414000000${part % 200}` }));
			}),
		);
		const { deliveries } = await store.claim(claimBy('n8n', { limit: 500, concurrency: 500 }));
		await store.settle(
			deliveries.map(({ eventId, subscriberId, lease }) => ({
				...{ eventId, subscriberId, lease },
				attempt: {
					startedAt: NOON,
					durationMs: 20,
					status: 200,
					reason: 'ok',
					excerpt: '{"message":"Workflow was started"}',
				},
				outcome: { kind: 'delivered' },
				verdict: { kind: 'delivered', reason: 'ok' },
			})),
		);
	}
}

async function move(from: string, to: string) {
	const startedAt = performance.now();
	const args = ['--conditions=@instagram-insights/source', MAIN, 'migrate', '--from', `sqlite:${from}`, '--to', to];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
	let [said, peakMegabytes] = ['', 0];
	child.stderr.setEncoding('utf8').on('data', (chunk) => {
		said += chunk;
	});
	const watch = setInterval(() => {
		peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid ?? 0));
	}, 50);
	const [code] = await once(child, 'close');
	clearInterval(watch);
	if (code !== 0) throw new Error(`migrate ended with ${code}: ${said}`);
	const rows = said.matchAll(/^\w+ +(\d+) rows here, \d+ there +✓ the same/gm);
	return {
		seconds: (performance.now() - startedAt) / 1000,
		peakMegabytes,
		moved: [...rows].reduce((sum, [, moved]) => sum + Number(moved), 0),
	};
}

/** Largest resident memory so far; 0 when the process is gone. */
function peakOf(pid: number): number {
	try {
		const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
		return Number(kilobytes ?? 0) / 1024;
	} catch {
		return 0;
	}
}
