/** What a delivery carries. */
export type EventPayload = {
	readonly eventId: string;
	readonly field: string;
	readonly accountId: string;
	readonly occurredAt: number | null;
	readonly receivedAt: number;
	/** JSON text */
	readonly value: string;
	/** Meta's bytes and the header that was verified; null where not asked for */
	readonly body: Uint8Array | null;
	readonly signature: string | null;
};
