import type { Account } from './account.ts';
import type { HostName } from './host.ts';
import { APPS, FACEBOOK_SCOPES, INSIGHTS_SCOPE, INSTAGRAM_SCOPES, type Token } from './token.ts';

export type TokenRegistry = {
	/** The token with this value; `undefined` for an unknown one. */
	find(value: string): Token | undefined;
	/** Issue a new token; its value is made here and works from now on. */
	issue(token: Omit<Token, 'value'>): Token;
	/** The token of an account's Page that a person's token reads. It never expires, and has no more permissions than that one. */
	pageToken(of: Token, accountKey: string): Token;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PREFIXES: readonly (readonly [string, HostName])[] = [
	['IGAA-sandbox-', 'graph.instagram.com'],
	['EAA-sandbox-', 'graph.facebook.com'],
];

/** What can stand after the account's key: `IGAA-sandbox-large-expired`. Ages are counted from the start of the sandbox. */
export const TOKEN_VARIANTS: Readonly<Record<string, { readonly means: string; readonly change: TokenChange }>> = {
	expired: {
		means: 'ended a day ago (190/463)',
		change: (t, at) => ({ ...t, issuedAt: at - 61 * DAY_MS, expiresAt: at - DAY_MS }),
	},
	'no-insights-permission': {
		means: 'the insights permission was not granted',
		change: (t) => ({ ...t, scopes: t.scopes.filter((s) => s !== INSIGHTS_SCOPE[t.host]) }),
	},
	'no-portfolio-permission': {
		means: 'business_management was not granted (Facebook host)',
		change: (t) => ({ ...t, scopes: t.scopes.filter((s) => s !== 'business_management') }),
	},
	'rate-limited': {
		means: 'every call is over the account limit (80002)',
		change: (t) => ({ ...t, limit: 'used-up' }),
	},
	'small-budget': { means: '20 calls an hour, then 80002', change: (t) => ({ ...t, limit: 'small' }) },
	young: {
		means: 'one hour old: too young to refresh',
		change: (t, at) => ({ ...t, issuedAt: at - HOUR_MS, expiresAt: at + 60 * DAY_MS - HOUR_MS }),
	},
	due: {
		means: '55 days old: five days left',
		change: (t, at) => ({ ...t, issuedAt: at - 55 * DAY_MS, expiresAt: at + 5 * DAY_MS }),
	},
	short: {
		means: 'short-lived: may be exchanged for a long one',
		change: (t, at) => ({ ...t, kind: 'short', issuedAt: at, expiresAt: at + HOUR_MS }),
	},
	'app-removed': { means: 'the person removed the app (190/458)', change: (t) => ({ ...t, state: 458 }) },
	checkpoint: { means: 'the person must log in to Facebook first (190/459)', change: (t) => ({ ...t, state: 459 }) },
	'password-changed': { means: 'the password was changed (190/460)', change: (t) => ({ ...t, state: 460 }) },
	unconfirmed: { means: 'the person is not confirmed (190/464)', change: (t) => ({ ...t, state: 464 }) },
	invalid: { means: 'the session was ended (190/467)', change: (t) => ({ ...t, state: 467 }) },
	'role-lost': { means: 'the role on the Page was lost (190/492)', change: (t) => ({ ...t, state: 492 }) },
	page: { means: 'a Page token, never ends (Facebook host)', change: (t) => ({ ...t, kind: 'page', expiresAt: null }) },
	'system-user': {
		means: 'a system user token, never ends (Facebook host)',
		change: (t) => ({ ...t, expiresAt: null }),
	},
	app: {
		means: 'of an app that insists on appsecret_proof (Facebook host)',
		change: (t) => ({ ...t, appId: APPS.enforcing.id, proofRequired: true }),
	},
};

type TokenChange = (token: Token, startedAt: number) => Token;

/**
 * The tokens of a world: the documented ones, which are read from their spelling, and those issued while it runs.
 *
 * `+scenario` at the end of a token makes every call with it meet that scenario: `IGAA-sandbox-large+transient`.
 */
export function createTokenRegistry(accounts: readonly Account[], startedAt: Date): TokenRegistry {
	const issued = new Map<string, Token>();
	const find = (value: string): Token | undefined =>
		issued.get(value) ?? appToken(value) ?? spelledToken(value, accounts, startedAt.getTime());
	const issue = (token: Omit<Token, 'value'>): Token => {
		const prefix = token.host === 'graph.instagram.com' ? 'IGAA' : 'EAA';
		const value = `${prefix}-sandbox-issued-${issued.size + 1}-${token.accounts.join('-')}`;
		const complete = { ...token, value };
		issued.set(value, complete);
		return complete;
	};
	const pageTokens = new Map<string, Token>();
	return {
		find,
		issue,
		pageToken(of, accountKey) {
			const documented = find(`EAA-sandbox-${accountKey}-page`);
			if (documented !== undefined && mayTheSame(documented, of)) return documented;
			const key = `${of.value}|${accountKey}`;
			const known = pageTokens.get(key);
			if (known !== undefined) return known;
			const page = issue({ ...of, kind: 'page', accounts: [accountKey], expiresAt: null, scenario: null });
			pageTokens.set(key, page);
			return page;
		},
	};
}

function mayTheSame(one: Token, other: Token): boolean {
	return (
		one.appId === other.appId && one.limit === other.limit && one.scopes.every((scope) => other.scopes.includes(scope))
	);
}

function spelledToken(value: string, accounts: readonly Account[], startedAt: number): Token | undefined {
	const [name = '', scenario = null] = value.split('+', 2);
	for (const [prefix, host] of PREFIXES) {
		if (!name.startsWith(prefix)) continue;
		const rest = name.slice(prefix.length);
		const token: Token = {
			value,
			host,
			kind: 'long',
			accounts: [],
			appId: host === 'graph.instagram.com' ? APPS.instagram.id : APPS.facebook.id,
			issuedAt: startedAt - 10 * DAY_MS,
			expiresAt: startedAt + 50 * DAY_MS,
			scopes: host === 'graph.instagram.com' ? INSTAGRAM_SCOPES : FACEBOOK_SCOPES,
			state: 'good',
			proofRequired: false,
			limit: 'none',
			scenario,
		};
		// An agency's token reaches every account, as a Facebook token may.
		if (rest === 'agency' && host === 'graph.facebook.com') return { ...token, accounts: accounts.map((a) => a.key) };
		const longestFirst = accounts.map((a) => a.key).sort((a, b) => b.length - a.length);
		const key = longestFirst.find((k) => rest === k || rest.startsWith(`${k}-`));
		if (key === undefined) return undefined;
		const variant = rest.slice(key.length + 1);
		const ofAccount = { ...token, accounts: [key] };
		if (variant === '') return ofAccount;
		return TOKEN_VARIANTS[variant]?.change(ofAccount, startedAt);
	}
	return undefined;
}

/** `{app-id}|{app-secret}`, which Facebook takes as the app's own token. */
function appToken(value: string): Token | undefined {
	const [id, secret] = value.split('|', 2);
	const app = Object.values(APPS).find((candidate) => candidate.id === id && candidate.secret === secret);
	if (app === undefined) return undefined;
	return {
		value,
		host: 'graph.facebook.com',
		kind: 'app',
		accounts: [],
		appId: app.id,
		issuedAt: 0,
		expiresAt: null,
		scopes: [],
		state: 'good',
		proofRequired: false,
		limit: 'none',
		scenario: null,
	};
}

/** What a person agreed to, waiting to be exchanged for a token. */
type AuthorizationCode = {
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
	/** The code with this value, which works once. */
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
