import { readFileSync } from 'node:fs';

/** The bytes of a webhook body under test/fixtures/webhook. */
export function readFixture(name: string): Buffer {
	return readFileSync(new URL(`../fixtures/webhook/${name}.json`, import.meta.url));
}
