export type MoveErrorKind =
	/** no file, no store of a relay, or one of another version */
	| 'source-unreadable'
	/** a relay, or another program, has it open */
	| 'source-in-use'
	/** it is not what it was when the move began */
	| 'source-changed'
	/** a relay, or another move, works on it */
	| 'target-in-use'
	/** it holds what no move brought */
	| 'target-holds-data';

/** Why a store was not moved. Nothing was lost: the source is never changed. */
export class MoveError extends Error {
	readonly kind: MoveErrorKind;

	constructor(kind: MoveErrorKind, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'MoveError';
		this.kind = kind;
	}
}
