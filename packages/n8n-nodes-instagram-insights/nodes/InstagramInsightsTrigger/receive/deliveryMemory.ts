import { hash } from 'node:crypto';

/** What becomes of a request, by the events it carries. */
export type Admission =
	/** An event of it is being handed to the workflow by another request that is not answered yet. */
	| { readonly kind: 'busy' }
	| {
			readonly kind: 'admitted';
			/** Places of the events to run: those that are new and replays. The others were handed over before, or stand twice in this request. */
			readonly fresh: ReadonlySet<number>;
			/** What to store with the workflow. */
			readonly seen: SeenDays;
			/** To be called once the sender has its answer; `accepted` false: the sender will come again. */
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
 * What this process knows besides the stored memory.
 *
 * Each request reads the stored memory, adds its events and writes it back, so requests that overlap overwrite each
 * other's. Events of this process are therefore remembered here too, from the moment the sender has its answer: one that
 * ended without a good answer is forgotten, because its sender comes again.
 *
 * Bounded like {@link SeenDays}, for each trigger that received something since the process started.
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
 * Which events were already handed to the workflow, as it lies in the node's static data: for each UTC day (whole days
 * since 1970) the ids of that day, written one after the other without anything between.
 *
 * It is saved with the workflow after each event, so it is kept small: 16 letters an event, three days, `MAX_SEEN` ids.
 */
export type SeenDays = Readonly<Record<string, string>>;

/** 96 bits of SHA-256: two events out of 5,000 share an id once in 10^22 cases. */
const ID_LENGTH = 16;

/** Meta repeats an undelivered notification for 36 hours; today and the two days before are at least 48 hours. */
const KEPT_DAYS = 3;

/** Oldest first out: about 80 kB of static data. */
export const MAX_SEEN = 5_000;

const DAY_MS = 86_400_000;

/** The short id of an identity, whatever its length. */
export function seenId(identity: string): string {
	return hash('sha256', identity, 'base64url').slice(0, ID_LENGTH);
}

/** Read what static data holds; anything else than {@link SeenDays} counts as nothing seen. */
export function readSeenDays(value: unknown): SeenDays {
	if (typeof value !== 'object' || value === null) return {};
	const days = Object.entries(value).filter(([day, ids]) => /^\d+$/.test(day) && typeof ids === 'string');
	return Object.fromEntries(days) as SeenDays;
}

/** All ids at hand, for looking up. */
export function seenIds(days: SeenDays): ReadonlySet<string> {
	return new Set(Object.values(days).flatMap(split));
}

/**
 * Both memories in one, without days that are over and without more than {@link MAX_SEEN} ids.
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
