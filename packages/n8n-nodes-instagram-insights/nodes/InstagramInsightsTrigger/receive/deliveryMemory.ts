import { mergeSeen, type SeenDays, seenIds, seenNow } from './seenEvents';

/** What becomes of a request, by the events it carries. */
export type Admission =
	/** An event of it is being handed to the workflow by another request that is not answered yet. */
	| { readonly kind: 'busy' }
	| {
			readonly kind: 'admitted';
			/** Places of the events that are new; the others were handed over before, or stand twice in this request. */
			readonly fresh: ReadonlySet<number>;
			/** What to store with the workflow. */
			readonly seen: SeenDays;
			/** To be called once the sender has its answer; `accepted` false: the sender will come again. */
			settle(accepted: boolean): void;
	  };

export type AdmissionQuestion = {
	/** Which trigger of which workflow. */
	readonly trigger: string;
	/** The event's short id; null: never a duplicate. */
	readonly ids: readonly (string | null)[];
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
		admit({ trigger, ids, stored, nowMs }) {
			const running = underWay.get(trigger) ?? new Set<string>();
			if (ids.some((id) => id !== null && running.has(id))) return { kind: 'busy' };
			const before = mergeSeen(stored, acknowledged.get(trigger) ?? {}, nowMs);
			const known = new Set(seenIds(before));
			const fresh = new Set<number>();
			const added: string[] = [];
			for (const [place, id] of ids.entries()) {
				if (id !== null && known.has(id)) continue;
				fresh.add(place);
				if (id === null) continue;
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
