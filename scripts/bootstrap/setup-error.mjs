/** Something the person at the terminal can fix: its message is one clear sentence and is printed without a stack. */
export class SetupError extends Error {
	/** @override */
	name = 'SetupError';
}
