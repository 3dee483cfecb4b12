import type { GraphResponse } from '../../src/graph/graph-request.ts';
import { readFixture } from './read-fixture.ts';

/** A fixture as it would arrive. */
export function answer(path: string, status = 200, headers: Record<string, string> = {}): GraphResponse {
	return { status, headers, text: readFixture(path) };
}

/** A refusal made on the spot, in the shape both hosts use. */
export function refusal(
	error: Record<string, unknown>,
	status = 400,
	headers: Record<string, string> = {},
): GraphResponse {
	return { status, headers, text: JSON.stringify({ error }) };
}
