/** Why the store could not do what was asked. All but `lost` may pass. */
export type StoreErrorKind =
	/** the disk, the quota or RELAY_STORE_MAX_MB is used up */
	| 'full'
	/** someone else holds the lock for longer than the store waits */
	| 'locked'
	| 'read-only'
	/** the server gives no answer: it restarts, fails over, or the network is down */
	| 'unreachable'
	/** too many receipts wait for a commit */
	| 'overloaded'
	/** the store's thread is gone */
	| 'lost'
	| 'failed';

export class StoreError extends Error {
	readonly kind: StoreErrorKind;

	constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'StoreError';
		this.kind = kind;
	}
}
