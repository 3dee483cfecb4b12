import { mergeSeen, type SeenDays, seenIds, seenNow } from './seenEvents';
import type { TriggerEvent } from './triggerEvent';

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
	readonly events: readonly Pick<TriggerEvent, 'repeatId' | 'replay'>[];
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
