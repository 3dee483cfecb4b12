/**
 * Known account names: from the accounts whose tokens are configured, and from comments an account itself wrote. A page
 * never waits for Graph: names appear when they arrive.
 */
export type AccountNames = {
	/** username by account id */
	read(): Readonly<Record<string, string>>;
	learn(accountId: string, username: string): void;
};

const AGAIN_MS = 24 * 3_600_000;
const RETRY_MS = 10 * 60_000;
const MOST_NAMES = 10_000;

/**
 * @param identify asks Graph for the accounts with tokens
 * @param now ms since 1970
 */
export function createAccountNames(
	identify: () => Promise<readonly { id: string; username: string }[]>,
	now: () => number,
): AccountNames {
	const names = new Map<string, string>();
	let askAt = 0;

	function refresh(): void {
		askAt = now() + RETRY_MS;
		identify().then(
			(found) => {
				askAt = now() + AGAIN_MS;
				for (const { id, username } of found) names.set(id, username);
			},
			// The doctor says what is wrong with a token; here the ID is shown instead of the name.
			() => {},
		);
	}

	return {
		read() {
			if (now() >= askAt) refresh();
			return Object.fromEntries(names);
		},
		learn(accountId, username) {
			if (names.size < MOST_NAMES || names.has(accountId)) names.set(accountId, username);
		},
	};
}
