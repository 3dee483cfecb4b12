import type { MigrateOptions } from '@instagram-insights/webhook-relay/admin/admin-store';
import { type MoveReport, moveStore } from './move-store.ts';

const USUAL_SOURCE = 'sqlite:./data/relay.db';

/**
 * `migrate`: move a SQLite store into PostgreSQL and print what was compared.
 *
 * @returns whether the target holds what the source holds
 * @throws {TypeError} no usable `--from` or `--to`
 * @throws {MoveError} source or target is not fit for it
 * @throws {StoreError} PostgreSQL went away
 */
export async function migrateFromCommand(
	options: MigrateOptions,
	environment: Readonly<Record<string, string | undefined>>,
	say: (line: string) => void,
): Promise<boolean> {
	const { from, to } = storesOf(options, environment.RELAY_STORE);
	const report = await moveStore({ from, to, restart: options.restart, say, now: Date.now });
	for (const line of describeTables(report)) say(line);
	const same = report.tables.every((table) => table.same);
	say(lastWords(report, same));
	return same;
}

/** RELAY_STORE stands for the side that is not named. */
function storesOf({ from, to }: MigrateOptions, usual: string | undefined): { from: string; to: string } {
	const usualSource = usual?.startsWith('sqlite:') === true ? usual : USUAL_SOURCE;
	const [, path] = /^sqlite:(.+)$/.exec(from ?? usualSource) ?? [];
	if (path === undefined) throw new TypeError('--from: use sqlite:<path of the file>');
	const target = to ?? usual;
	if (target === undefined || !/^postgres(ql)?:/.test(target)) {
		throw new TypeError('--to: use postgres://user:password@host:5432/database, or set RELAY_STORE to it');
	}
	return { from: path, to: target };
}

function describeTables({ tables }: MoveReport): readonly string[] {
	const rows = tables.map(({ name, source, target, same }) => [
		name,
		`${source.rows}`,
		`${target.rows}`,
		same ? '✓ the same' : '✗ DIFFERENT',
		`${source.hash.slice(0, 12)}${same ? '' : ` here, ${target.hash.slice(0, 12)} there`}`,
	]);
	const [head, ...body] = [['table', 'source', 'target', 'content', 'hash'], ...rows];
	const width = (column: number) => Math.max(...[head, ...body].map((row) => row?.[column]?.length ?? 0));
	const widths = [0, 1, 2, 3].map(width);
	return [head, ...body].map((row) =>
		(row ?? [])
			.map((cell, index) =>
				index === 1 || index === 2 ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
			)
			.join('  ')
			.trimEnd(),
	);
}

function lastWords({ doneBefore }: MoveReport, same: boolean): string {
	if (doneBefore !== null) return `Moved and compared at ${new Date(doneBefore).toISOString()}: nothing was changed.`;
	if (same)
		return 'Moved. Set RELAY_STORE to the target and start the relay; keep the SQLite file until you have seen it work.';
	return 'The target does not hold what the source holds; the source is as it was. To begin again: migrate --restart';
}
