import { StoreError, type StoreErrorKind } from '@instagram-insights/webhook-relay/relay/store';

/** What SQLSTATE codes and Node's network codes mean to the relay (postgresql.org/docs/18/errcodes-appendix.html). */
// biome-ignore format: a table reads by columns
const KINDS: readonly [code: RegExp, kind: StoreErrorKind][] = [
	[/^08|^57P0[1-5]|^25006$|^E[A-Z]+$/, 'unreachable'], // connection lost, shutting down, a standby, the network
	[/^53100$/,                          'full'],        // no room on its disk
	[/^53|^40|^23505$/,                  'overloaded'],  // out of connections or memory; or too many tries at once
	[/^55P03$|^57014$/,                  'locked'],      // someone holds a lock, or the statement's time is over
	[/^42501$/,                          'read-only'],   // no right to write
];
/** pg's own errors carry no code. */
const LOST_CONNECTION = /^Connection terminated|^timeout|^Query read timeout|not queryable|^Client was closed/i;

/** Why PostgreSQL did not do it. Its messages name tables and rules; the detail, which holds values, is left out. */
export function storeErrorOf(error: unknown): StoreError {
	if (error instanceof StoreError) return error;
	const message = error instanceof Error ? error.message || codeOf(error) || error.name : String(error);
	return new StoreError(kindOf(error, message), message, { cause: error });
}

/** The mistakes of a first start, by SQLSTATE or by pg's own words. */
const WAYS_OUT: readonly [mistake: RegExp, wayOut: string][] = [
	[/^3D000/, 'create this database, or correct its name in RELAY_STORE'],
	[/^28/, 'correct the user and password in RELAY_STORE'],
	[/^42501/, 'grant this user CREATE on the database'],
	[/SSL|certificate/i, 'correct sslmode in RELAY_STORE, or the certificate of the server'],
];

/** Why a store could not be opened, and what to do. */
export function openingError(error: unknown): StoreError {
	const { kind, message, cause } = storeErrorOf(error);
	const [, known] = WAYS_OUT.find(([mistake]) => mistake.test(`${codeOf(cause)} ${message}`)) ?? [];
	const wayOut = known ?? (kind === 'unreachable' ? 'check RELAY_STORE, and that PostgreSQL is running' : null);
	return new StoreError(kind, `cannot open PostgreSQL: ${message}${wayOut === null ? '' : `; ${wayOut}`}`, { cause });
}

/** Did two transactions only get into each other's way, so that running this one again may do? */
export function isCollision(error: unknown): boolean {
	return /^40001$|^40P01$|^23505$/.test(codeOf(error));
}

function kindOf(error: unknown, message: string): StoreErrorKind {
	if (LOST_CONNECTION.test(message)) return 'unreachable';
	const code = codeOf(error);
	return KINDS.find(([form]) => form.test(code))?.[1] ?? 'failed';
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}
