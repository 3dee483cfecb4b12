import { hash } from 'node:crypto';

/** What to do with a request, by the events in it. */
export type Admission =
	/** Another request, not yet answered, is handing over one of its events. */
	| { readonly kind: 'busy' }
	| {
			readonly kind: 'admitted';
			/** Positions of the events to run: new ones and replays. The others were handed over before, or repeat in this request. */
			readonly fresh: ReadonlySet<number>;
			/** What to store with the workflow. */
			readonly seen: SeenDays;
			/** Call once the sender has its answer. `accepted` false: the sender will try again. */
			settle(accepted: boolean): void;
	  };

export type AdmissionQuestion = {
	/** Which trigger of which workflow. */
	readonly trigger: string;
	readonly events: readonly { readonly repeatId: string | null; readonly replay: boolean }[];
	/** What the workflow has stored. */
	readonly stored: SeenDays;
	readonly nowMs: number;
};

export interface DeliveryMemory {
	admit(question: AdmissionQuestion): Admission;
}

/**
 * The memory of this process, beside the stored one.
 *
 * Each request reads the stored memory, adds its events and writes it back, so overlapping requests overwrite each other.
 * This memory therefore keeps the events of this process too, from the moment the sender has its answer. It forgets a
 * request that ended without a success status, because its sender tries again.
 *
 * Bounded like {@link SeenDays}, per trigger that received something since the process started.
 */
export function createDeliveryMemory(): DeliveryMemory {
	const acknowledged = new Map<string, SeenDays>();
	const underWay = new Map<string, Set<string>>();

	return {
		admit({ trigger, events, stored, nowMs }) {
			const running = underWay.get(trigger) ?? new Set<string>();
			if (events.some(({ repeatId }) => repeatId !== null && running.has(repeatId))) return { kind: 'busy' };
			const before = mergeSeen(stored, acknowledged.get(trigger) ?? {}, nowMs);
			const known = new Set(seenIds(before));
			const fresh = new Set<number>();
			const added: string[] = [];
			for (const [place, { repeatId: id, replay }] of events.entries()) {
				const isKnown = id !== null && known.has(id);
				if (!isKnown || replay) fresh.add(place);
				if (isKnown || id === null) continue;
				known.add(id);
				added.push(id);
			}
			for (const id of added) running.add(id);
			underWay.set(trigger, running);
			return {
				kind: 'admitted',
				fresh,
				seen: mergeSeen(before, seenNow(added, nowMs), nowMs),
				settle(accepted) {
					for (const id of added) running.delete(id);
					if (!accepted) return;
					acknowledged.set(trigger, mergeSeen(acknowledged.get(trigger) ?? {}, seenNow(added, nowMs), nowMs));
				},
			};
		},
	};
}

/**
 * The events that were handed to the workflow, as stored in the node's static data: for each UTC day (whole days since
 * 1970) the ids of that day, joined without a separator.
 *
 * n8n saves it with the workflow after each event, so it is small: 16 characters per event, three days, `MAX_SEEN` ids.
 */
export type SeenDays = Readonly<Record<string, string>>;

/** 96 bits of SHA-256: two events out of 5,000 share an id once in 10^22 cases. */
const ID_LENGTH = 16;

/** Meta repeats an undelivered event for 36 hours. Today and the two days before cover at least 48 hours. */
const KEPT_DAYS = 3;

/** The oldest go first. About 80 kB of static data. */
export const MAX_SEEN = 5_000;

const DAY_MS = 86_400_000;

/** The short id of an identity, whatever its length. */
export function seenId(identity: string): string {
	return hash('sha256', identity, 'base64url').slice(0, ID_LENGTH);
}

/** Read static data. Anything other than {@link SeenDays} counts as nothing seen. */
export function readSeenDays(value: unknown): SeenDays {
	if (typeof value !== 'object' || value === null) return {};
	const days = Object.entries(value).filter(([day, ids]) => /^\d+$/.test(day) && typeof ids === 'string');
	return Object.fromEntries(days) as SeenDays;
}

/** All ids, for lookups. */
export function seenIds(days: SeenDays): ReadonlySet<string> {
	return new Set(Object.values(days).flatMap(split));
}

/**
 * Both memories merged, without expired days and with at most {@link MAX_SEEN} ids.
 *
 * @param nowMs milliseconds since 1970
 */
export function mergeSeen(left: SeenDays, right: SeenDays, nowMs: number): SeenDays {
	const today = Math.floor(nowMs / DAY_MS);
	const days = [...new Set([...Object.keys(left), ...Object.keys(right)])]
		.map(Number)
		.filter((day) => day > today - KEPT_DAYS && day <= today)
		.sort((a, b) => b - a);
	const kept: Record<string, string> = {};
	let room = MAX_SEEN;
	for (const day of days) {
		const ids = [...new Set([...split(left[day] ?? ''), ...split(right[day] ?? '')])].slice(-room);
		if (ids.length > 0 && room > 0) kept[day] = ids.join('');
		room -= ids.length;
	}
	return kept;
}

/** Today's entry for some ids. */
export function seenNow(ids: readonly string[], nowMs: number): SeenDays {
	return { [Math.floor(nowMs / DAY_MS)]: ids.join('') };
}

function split(ids: string): string[] {
	return ids.match(/.{16}/gs) ?? [];
}
