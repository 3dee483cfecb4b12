import { MoveError } from './move-error.ts';
import type { MoveRecord } from './move-record.ts';
import type { TableDigest } from './table-digest.ts';

export type MoveStep = 'begin' | 'go-on' | 'done';

/**
 * What is to be done, from what the target knows and what the source holds.
 *
 * @param restart the operator gives up what an unfinished move has brought
 * @throws {MoveError} the source is not the one whose move began here
 */
export function judgeMove(
	move: MoveRecord | null,
	source: ReadonlyMap<string, TableDigest>,
	restart: boolean,
): MoveStep {
	if (move === null) return 'begin';
	if (restart && move.finishedAt === null) return 'begin';
	const changed = [...source].flatMap(([name, { rows, hash }]) => {
		const before = move.tables.get(name)?.source;
		if (before?.hash === hash && before.rows === rows) return [];
		return [`${name} (${before?.rows ?? 0} rows then, ${rows} now)`];
	});
	if (changed.length === 0) return move.finishedAt === null ? 'go-on' : 'done';
	const list = changed.join(', ');
	if (move.finishedAt === null) {
		const began = new Date(move.startedAt).toISOString();
		throw new MoveError(
			'source-changed',
			`this source is not the one whose move began here at ${began}, or has changed since: ${list}. To begin again with it: migrate --restart`,
		);
	}
	throw new MoveError(
		'source-changed',
		`a move into this target ended at ${new Date(move.finishedAt).toISOString()}; this source is another one, or has changed since: ${list}. What came later is not in the target, and nothing was changed`,
	);
}
