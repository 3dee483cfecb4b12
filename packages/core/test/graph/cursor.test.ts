import { describe, expect, test } from 'vitest';
import { nextCursor } from '../../src/graph/read-answer.ts';

const NEXT = 'https://graph.instagram.com/v25.0/me/media?access_token=IGAA-fixture-token&after=QVFI';

describe('nextCursor', () => {
	test('is the cursor after this page', () => {
		expect(nextCursor({ cursors: { after: 'QVFI' }, next: NEXT }, new Set())).toBe('QVFI');
	});

	test('ends on the last page, which has cursors but no next', () => {
		expect(nextCursor({ cursors: { after: 'QVFI' } }, new Set())).toBeNull();
	});

	test('ends without cursors, and never reads one from next', () => {
		expect(nextCursor({ next: NEXT }, new Set())).toBeNull();
		expect(nextCursor(undefined, new Set())).toBeNull();
		expect(nextCursor(null, new Set())).toBeNull();
	});

	test('ends when a cursor comes again', () => {
		expect(nextCursor({ cursors: { after: 'QVFI' }, next: NEXT }, new Set(['QVFI']))).toBeNull();
	});
});
