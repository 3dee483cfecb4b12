import { ACCOUNT_METRICS, MEDIA_METRICS, RETIRED_METRICS } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';

export type CatalogFilter = {
	/** 'account' or 'media'; both when left out. */
	readonly level?: string | undefined;
	/** Only metrics this host answers. */
	readonly host?: string | undefined;
	readonly withRemoved: boolean;
};

/** The catalog as items, one a metric: what it means, where it is valid, and what replaced it when it is gone. */
export function catalogRows({ level, host, withRemoved }: CatalogFilter): IDataObject[] {
	const rows = [...accountRows(), ...mediaRows(), ...(withRemoved ? removedRows() : [])];
	return rows.filter(
		(row) =>
			(level === undefined || row.level === level) &&
			(host === undefined || row.hosts === '' || String(row.hosts).includes(host)),
	);
}

/** What choosing a metric takes, in few characters: a language model reads all of them at once. */
export function shortRow({ metric, level, meaning, status, breakdowns, replacement }: IDataObject): IDataObject {
	if (status === 'removed') {
		const instead = replacement === null ? 'Removed.' : `Removed. Use ${String(replacement)}.`;
		return { metric, level, meaning: instead };
	}
	const split = breakdowns === '' ? '' : ` Breakdowns: ${String(breakdowns)}.`;
	return { metric, level, meaning: `${String(meaning)}${split}` };
}

function accountRows(): IDataObject[] {
	return Object.entries(ACCOUNT_METRICS).map(([metric, row]) => ({
		metric,
		level: 'account',
		title: row.title,
		meaning: row.meaning,
		status: row.status,
		hosts: row.hosts.join(', '),
		productTypes: '',
		breakdowns: row.breakdowns.join(', '),
		requiresBreakdown: row.requiresBreakdown,
		daily: row.periods.includes('day'),
		unit: row.unit,
		addsUp: row.aggregation === 'sum',
		minFollowers: row.limits.minFollowers ?? null,
		removedOn: null,
		replacement: null,
		note: row.note,
		readOn: row.readOn,
	}));
}

function mediaRows(): IDataObject[] {
	return Object.entries(MEDIA_METRICS).map(([metric, row]) => ({
		metric,
		level: 'media',
		title: row.title,
		meaning: row.meaning,
		status: row.status,
		hosts: row.hosts.join(', '),
		productTypes: row.products.join(', '),
		breakdowns: row.breakdowns.join(', '),
		requiresBreakdown: false,
		daily: false,
		unit: row.unit,
		addsUp: null,
		minFollowers: null,
		removedOn: null,
		replacement: null,
		note: row.note,
		readOn: row.readOn,
	}));
}

function removedRows(): IDataObject[] {
	return Object.entries(RETIRED_METRICS).flatMap(([level, table]) =>
		Object.entries(table).map(([metric, row]) => ({
			metric,
			level,
			title: row.title,
			meaning: row.meaning,
			status: 'removed',
			hosts: '',
			productTypes: '',
			breakdowns: '',
			requiresBreakdown: false,
			daily: false,
			unit: null,
			addsUp: null,
			minFollowers: null,
			removedOn: row.removedOn,
			replacement: row.replacement,
			note: row.advice,
			readOn: row.readOn,
		})),
	);
}
