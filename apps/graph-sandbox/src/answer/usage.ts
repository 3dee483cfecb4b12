import type { Token } from '../world/token.ts';
import type { World } from '../world/world.ts';
import { GraphRefusal } from './graph-error.ts';

/** Counts calls against their budgets and says in headers how much is used. */
export type Usage = {
	/** Count one call. @throws {GraphRefusal} code 80002 when the account's budget is used up; the call is not counted then */
	count(token: Token): void;
	/** Meta's usage headers; none before the first percent is used. */
	headers(token: Token): Readonly<Record<string, string>>;
	reset(): void;
};

type Budget = { readonly calls: number; readonly windowMs: number };

const HOUR_MS = 3_600_000;
const SMALL: Budget = { calls: 20, windowMs: HOUR_MS };
const USED_UP_MINUTES = 17;

/** @param callBudget calls an account may make in 24 hours, per app */
export function createUsage(world: World, callBudget: number): Usage {
	const wide: Budget = { calls: callBudget, windowMs: 24 * HOUR_MS };
	/** Instants of the calls of each token's account and app, oldest first. */
	const calls = new Map<string, number[]>();
	const budgetOf = (token: Token): Budget => (token.limit === 'small' ? SMALL : wide);
	const used = (token: Token): readonly number[] => {
		const start = world.now().getTime() - budgetOf(token).windowMs;
		const made = calls.get(keyOf(token)) ?? [];
		const firstInside = made.findIndex((instant) => instant > start);
		// Oldest first, so only the front falls out of the window.
		made.splice(0, firstInside < 0 ? made.length : firstInside);
		calls.set(keyOf(token), made);
		return made;
	};
	const minutesLeft = (token: Token): number => {
		if (token.limit === 'used-up') return USED_UP_MINUTES;
		const budget = budgetOf(token);
		const made = used(token);
		const freeing = made[made.length - budget.calls];
		if (freeing === undefined) return 0;
		return Math.max(1, Math.ceil((freeing + budget.windowMs - world.now().getTime()) / 60_000));
	};
	return {
		count(token) {
			if (token.accounts.length === 0) return;
			if (minutesLeft(token) > 0) {
				throw new GraphRefusal({
					code: 80_002,
					type: 'OAuthException',
					message:
						'There have been too many calls to this Instagram account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.',
				});
			}
			calls.get(keyOf(token))?.push(world.now().getTime());
		},
		headers(token) {
			const account = token.accounts[0];
			if (account === undefined) return {};
			const share = token.limit === 'used-up' ? 100 : Math.floor((used(token).length * 100) / budgetOf(token).calls);
			if (share < 1) return {};
			const spent = { call_count: share, total_cputime: Math.ceil(share / 3), total_time: Math.ceil(share / 2) };
			const account80002 = { type: 'instagram', ...spent, estimated_time_to_regain_access: minutesLeft(token) };
			return {
				'x-app-usage': JSON.stringify({ ...spent, call_count: Math.ceil(share / 5) }),
				'x-business-use-case-usage': JSON.stringify({ [world.account(account).id]: [account80002] }),
			};
		},
		reset: () => calls.clear(),
	};
}

/** The tokens of an account share its budget; only the small one has its own. */
function keyOf(token: Token): string {
	return `${token.appId}|${token.accounts.join(',')}|${token.limit}|${token.limit === 'small' ? token.value : ''}`;
}
