import { eventKey, type InstagramEvent, splitEvents } from '@instagram-insights/core/webhook';
import { UNREADABLE_FIELD } from './fan-out.ts';
import type { Receipt } from './receipt.ts';

/** An event ready to be stored. */
export type ReadEvent = {
	readonly object: string;
	readonly accountId: string;
	readonly field: string;
	readonly origin: InstagramEvent['origin'] | 'unreadable';
	readonly occurredAt: number | null;
	readonly sample: boolean;
	/** Meta's own JSON text */
	readonly value: string;
	/** see core's `eventKey`; null: never a duplicate */
	readonly key: string | null;
	readonly contentHash: string;
};

/**
 * The events of a receipt, in order, each with what tells it from its repetitions.
 *
 * A signed body that is no envelope becomes one event of the field `unreadable` whose value is the text, so that it is
 * stored, seen and deliverable like any other.
 */
export function readReceipt(receipt: Receipt): readonly ReadEvent[] {
	const text = Buffer.from(receipt.body, 'latin1').toString('utf8');
	const split = splitEvents(text);
	if (split.kind === 'events') return split.events.map(readEvent);
	return [
		{
			object: '',
			accountId: '',
			field: UNREADABLE_FIELD,
			origin: 'unreadable',
			occurredAt: null,
			sample: false,
			value: JSON.stringify(text),
			key: null,
			contentHash: '',
		},
	];
}

function readEvent(event: InstagramEvent): ReadEvent {
	const { valueText, ...rest } = event;
	return { ...rest, value: valueText, ...eventKey(event) };
}
