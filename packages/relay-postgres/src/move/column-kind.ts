import { hash } from 'node:crypto';
import type { SQLOutputValue } from 'node:sqlite';
import { indexableText, storableText } from '../storable-text.ts';

/** A value as PostgreSQL takes it. Whole numbers go as text, exact beyond 2^53. */
export type StoredValue = string | number | boolean | Uint8Array | null;
/** A value as it is compared. */
export type Cell = string | boolean | null;

type Kind = {
	/** in PostgreSQL */
	readonly type: string;
	/** What the target holds for a value of the source. */
	readonly store: (value: Exclude<SQLOutputValue, null>) => Exclude<StoredValue, null>;
	/** for what may have megabytes: the SQL of its SHA-256, by which it is compared */
	readonly sha256?: (column: string) => string;
};

const whole = (type: string): Kind => ({ type, store: String });

/** How a column crosses from SQLite to PostgreSQL. */
export const COLUMN_KINDS = {
	bigint: whole('bigint'),
	integer: whole('integer'),
	smallint: whole('smallint'),
	double: { type: 'double precision', store: Number },
	flag: { type: 'boolean', store: (value) => Number(value) === 1 },
	text: { type: 'text', store: (value) => storableText(String(value)) },
	/** text that is part of an index: shortened where it is long */
	indexed: { type: 'text', store: (value) => indexableText(String(value)) },
	long: {
		type: 'text',
		store: (value) => storableText(String(value)),
		sha256: (column) => `encode(sha256(convert_to(${column}, 'UTF8')), 'hex')`,
	},
	bytes: {
		type: 'bytea',
		store: (value) => (value instanceof Uint8Array ? value : Buffer.from(String(value))),
		sha256: (column) => `encode(sha256(${column}), 'hex')`,
	},
} as const satisfies Record<string, Kind>;
export type ColumnKind = keyof typeof COLUMN_KINDS;

const kindOf = (name: ColumnKind): Kind => COLUMN_KINDS[name];

export function typeOf(kind: ColumnKind): string {
	return kindOf(kind).type;
}

export function toStored(kind: ColumnKind, value: SQLOutputValue): StoredValue {
	return value === null ? null : kindOf(kind).store(value);
}

/** What the target is asked for, so that `cellOfShown` gives what `cellOfStored` gives for the same meaning. */
export function shownColumn(kind: ColumnKind, column: string): string {
	return kindOf(kind).sha256?.(column) ?? column;
}

export function cellOfShown(value: unknown): Cell {
	return value === null || typeof value === 'boolean' ? value : String(value);
}

export function cellOfStored(kind: ColumnKind, value: StoredValue): Cell {
	if (value === null || kindOf(kind).sha256 === undefined) return cellOfShown(value);
	return hash('sha256', value instanceof Uint8Array ? value : String(value), 'hex');
}
