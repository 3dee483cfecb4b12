import type { Subscriber } from './subscriber.ts';

/** The part of a subscriber that decides what it gets. Plain data: it crosses into the store's thread. */
export type RoutingRule = Pick<Subscriber, 'id' | 'mode' | 'fields' | 'accounts' | 'order'>;

/** Only the rule: secrets and headers stay where they are. */
export function routingRule({ id, mode, fields, accounts, order }: RoutingRule): RoutingRule {
	return { id, mode, fields, accounts, order };
}

/** What is looked at to route an event. */
export type Routable = { readonly field: string; readonly accountId: string };

/** The field of a signed body that could not be read as events. */
export const UNREADABLE_FIELD = 'unreadable';

/** Does this subscriber want this event? */
export function wants(rule: RoutingRule, event: Routable): boolean {
	if (rule.accounts !== null && !rule.accounts.includes(event.accountId)) return false;
	if (rule.fields !== null) return rule.fields.includes(event.field);
	// An unreadable body has no value an event subscriber could use, unless it asks for it by name.
	return event.field !== UNREADABLE_FIELD || rule.mode === 'passthrough';
}

/**
 * The deliveries of one receipt's new events, as `[index of the event, subscriber]`, in the order of the events.
 *
 * In mode `event` each wanted event is a delivery. In mode `passthrough` the bytes cannot be taken apart without
 * breaking Meta's signature: the first wanted event carries the whole body, once.
 */
export function fanOut(rules: readonly RoutingRule[], events: readonly Routable[]): [number, RoutingRule][] {
	const served = new Set<string>();
	return events.flatMap((event, index) =>
		rules.flatMap((rule): [number, RoutingRule][] => {
			if (!wants(rule, event) || served.has(rule.id)) return [];
			if (rule.mode === 'passthrough') served.add(rule.id);
			return [[index, rule]];
		}),
	);
}
