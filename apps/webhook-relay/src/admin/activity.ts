import { randomBytes } from 'node:crypto';
import { z } from 'zod/v4';
import type { Happening, Observer } from '../relay/observe.ts';
import type { AdminStore } from './admin-store.ts';

/** One number per part, oldest first. The last part is still running. */
export type ActivityChart = {
	/** ms since 1970 */
	readonly startedAt: number;
	readonly stepMs: number;
	readonly received: readonly number[];
	readonly delivered: readonly number[];
	/** attempts */
	readonly failed: readonly number[];
};

export type Activity = Observer & {
	/** The last hour in minutes and the last day in half hours, across all replicas. */
	read(): Promise<{ hour: ActivityChart; day: ActivityChart }>;
	/** Save the counts since the last call in the store. */
	save(): Promise<void>;
};

const [MINUTE, HOUR] = [60_000, 3_600_000];
const NOTES = 'activity/';
const KEPT_HOURS = 25;

/** Counts of a minute: received, delivered, failed. */
type Counts = [number, number, number];
const savedSchema = z.record(z.string(), z.tuple([z.number(), z.number(), z.number()]));

/**
 * Counts what happens by the minute, for the charts of the dashboard. It costs receiving and
 * delivering one addition. The store gets one small note per hour and process, which `save` overwrites. A crash loses the
 * counts since the last save.
 *
 * @param now ms since 1970
 */
export function createActivity(store: Pick<AdminStore, 'remember' | 'recall'>, now: () => number): Activity {
	const run = randomBytes(6).toString('hex');
	const minutes = new Map<number, Counts>();
	const changed = new Set<number>();

	function count(happening: Happening): void {
		const [series, amount] = weigh(happening);
		if (amount === 0) return;
		const minute = Math.floor(now() / MINUTE);
		const counts = minutes.get(minute) ?? [0, 0, 0];
		counts[series] += amount;
		minutes.set(minute, counts);
		changed.add(hourOf(minute));
	}

	/** The counts of other processes, and of this one before its last start. Removes old ones. */
	async function recallOthers(): Promise<Map<number, Counts>> {
		const found = new Map<number, Counts>();
		for (const { name, text } of await store.recall(NOTES)) {
			const [, hour = '', by] = name.split('/');
			if (Number(hour) < hourOf(now() / MINUTE) - KEPT_HOURS) {
				await store.remember(name, null);
				continue;
			}
			if (by === run) continue;
			const saved = savedSchema.safeParse(JSON.parse(text)).data ?? {};
			for (const [minute, counts] of Object.entries(saved)) add(found, Number(minute), counts);
		}
		return found;
	}

	return {
		see: count,
		async read() {
			const all = await recallOthers();
			for (const [minute, counts] of minutes) add(all, minute, counts);
			return {
				hour: chartOf(all, { now: now(), step: 1, parts: 60 }),
				day: chartOf(all, { now: now(), step: 30, parts: 48 }),
			};
		},
		async save() {
			const hours = [...changed];
			changed.clear();
			for (const hour of hours) {
				const own = [...minutes].filter(([minute]) => hourOf(minute) === hour);
				await store.remember(`${NOTES}${hour}/${run}`, JSON.stringify(Object.fromEntries(own))).catch((error) => {
					changed.add(hour);
					throw error;
				});
			}
			for (const minute of minutes.keys())
				if (hourOf(minute) < hourOf(now() / MINUTE) - KEPT_HOURS) minutes.delete(minute);
		},
	};
}

function weigh(happening: Happening): [0 | 1 | 2, number] {
	if (happening.kind === 'stored') return [0, happening.appended.stored.length];
	if (happening.kind === 'attempted') return [happening.verdict.kind === 'delivered' ? 1 : 2, 1];
	return [0, 0];
}

const hourOf = (minute: number) => Math.floor((minute * MINUTE) / HOUR);

function add(all: Map<number, Counts>, minute: number, [received, delivered, failed]: Counts): void {
	const before = all.get(minute) ?? [0, 0, 0];
	all.set(minute, [before[0] + received, before[1] + delivered, before[2] + failed]);
}

/** @param options.step minutes of one part */
function chartOf(
	all: ReadonlyMap<number, Counts>,
	{ now, step, parts }: { now: number; step: number; parts: number },
): ActivityChart {
	const first = Math.floor(now / MINUTE / step) - parts + 1;
	const series = [0, 1, 2].map(() => new Array<number>(parts).fill(0));
	for (const [minute, counts] of all) {
		const part = Math.floor(minute / step) - first;
		if (part < 0 || part >= parts) continue;
		series.forEach((sums, index) => {
			sums[part] = (sums[part] ?? 0) + (counts[index] ?? 0);
		});
	}
	const [received = [], delivered = [], failed = []] = series;
	return { startedAt: first * step * MINUTE, stepMs: step * MINUTE, received, delivered, failed };
}
