import { TOKEN_ENDPOINTS } from '../catalog/token-endpoint.ts';

/** When a token was given out, and when it ends; null: never. */
export type TokenAge = { readonly issuedAt: Date; readonly expiresAt: Date | null };

/** Where a token of Instagram Login stands on the way to its end. */
export type RefreshState =
	/** It does not end: nothing to do. */
	| { readonly state: 'endless' }
	/** Instagram refuses to refresh it before `from`. */
	| { readonly state: 'too-young'; readonly from: Date }
	/** It can be refreshed, and need not be before `from`. */
	| { readonly state: 'fresh'; readonly from: Date }
	/** Refresh it now. */
	| { readonly state: 'due'; readonly until: Date }
	/** Too late: only a new sign-in helps. */
	| { readonly state: 'expired'; readonly since: Date };

const HOUR_MS = 3_600_000;
const REFRESH = TOKEN_ENDPOINTS['graph.instagram.com'].refresh;

/**
 * Whether to refresh a long-lived token of Instagram Login. Meta's rule (source S22): it must be at least 24 hours old
 * and not yet expired; a refresh gives it another 60 days.
 *
 * @param leadDays how long before its end it is due; 30 days when left out, half of its life
 */
export function refreshDue(token: TokenAge, now: Date, leadDays = 30): RefreshState {
	if (token.expiresAt === null) return { state: 'endless' };
	if (token.expiresAt <= now) return { state: 'expired', since: token.expiresAt };
	const oldEnough = new Date(token.issuedAt.getTime() + REFRESH.minAgeHours * HOUR_MS);
	if (oldEnough > now) return { state: 'too-young', from: oldEnough };
	const dueFrom = new Date(token.expiresAt.getTime() - leadDays * 24 * HOUR_MS);
	return dueFrom > now ? { state: 'fresh', from: dueFrom } : { state: 'due', until: token.expiresAt };
}
