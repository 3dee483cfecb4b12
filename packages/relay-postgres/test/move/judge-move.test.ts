import { NOON } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';
import { describe, expect, test } from 'vitest';
import { judgeMove } from '../../src/move/judge-move.ts';
import type { MoveRecord } from '../../src/move/move-record.ts';

const source = new Map([['event', { rows: 3, hash: 'aa' }]]);
const changed = new Map([['event', { rows: 3, hash: 'bb' }]]);

function recordOf(finishedAt: number | null): MoveRecord {
	const tables = new Map([['event', { source: { rows: 3, hash: 'aa' }, moved: 2, place: '["x"]' }]]);
	return { last: { receipt: 1, event: 3 }, startedAt: NOON, finishedAt, tables };
}

describe('judgeMove', () => {
	test('begins where no move is known', () => {
		expect(judgeMove(null, source, false)).toBe('begin');
	});

	test('goes on with an unfinished move of the same source', () => {
		expect(judgeMove(recordOf(null), source, false)).toBe('go-on');
	});

	test('has nothing to do when the move is finished, told to begin again or not', () => {
		expect(judgeMove(recordOf(NOON), source, false)).toBe('done');
		expect(judgeMove(recordOf(NOON), source, true)).toBe('done');
	});

	test('begins an unfinished move again when told to, whatever the source holds', () => {
		expect(judgeMove(recordOf(null), source, true)).toBe('begin');
		expect(judgeMove(recordOf(null), changed, true)).toBe('begin');
	});

	test('refuses a source that changed, and says where and when', () => {
		expect(() => judgeMove(recordOf(null), changed, false)).toThrow(
			/began here at 2026-11-23T12:00:00.000Z, or has changed since: event \(3 rows then, 3 now\)/,
		);
		expect(() => judgeMove(recordOf(NOON), changed, true)).toThrow(/ended at 2026-11-23T12:00:00.000Z/);
	});
});
