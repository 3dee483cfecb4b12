/** What a person agreed to, waiting to be exchanged for a token. */
export type AuthorizationCode = {
	readonly appId: string;
	readonly accountKey: string;
	readonly redirectUri: string;
	readonly scopes: readonly string[];
	/** Epoch milliseconds; a code lives an hour. */
	readonly issuedAt: number;
};

/** Codes work once. */
export type CodeStore = {
	add(code: AuthorizationCode): string;
	/** The code behind a string, gone afterwards. */
	take(value: string): AuthorizationCode | undefined;
};

export function createCodeStore(): CodeStore {
	const codes = new Map<string, AuthorizationCode>();
	let count = 0;
	return {
		add(code) {
			count += 1;
			const value = `sandbox-code-${count}-${code.accountKey}`;
			codes.set(value, code);
			return value;
		},
		take(value) {
			const code = codes.get(value);
			codes.delete(value);
			return code;
		},
	};
}
