// The decisions of the relay. Pure: time and chance are arguments, what follows is a value.

/** The part of a subscriber that decides what it gets. It holds no secrets, so stores and the admin side may have it. */
export type RoutingRule = {
	readonly id: string;
	readonly mode: 'event' | 'passthrough';
	/** Meta's objects, fields and account ids it wants; null: all */
	readonly objects: readonly string[] | null;
	readonly fields: readonly string[] | null;
	readonly accounts: readonly string[] | null;
	readonly order: 'none' | 'account';
};
/** What is looked at to route an event. */
export type Routable = {
	readonly object: string;
	readonly field: string;
	readonly accountId: string;
	readonly sample: boolean;
};

/** The field of a signed body that could not be read as events. */
export const UNREADABLE_FIELD = 'unreadable';

/** Only the rule: secrets and headers stay where they are. */
export function routingRule({ id, mode, objects, fields, accounts, order }: RoutingRule): RoutingRule {
	return { id, mode, objects, fields, accounts, order };
}

/**
 * Does this subscriber want this event? An unreadable body is wanted by name, or where bodies pass through whole. Samples
 * of Meta's Test button pass the account filter, as in the trigger: they name no real account.
 */
export function wants(rule: RoutingRule, event: Routable): boolean {
	if (rule.accounts !== null && !event.sample && !rule.accounts.includes(event.accountId)) return false;
	if (event.field === UNREADABLE_FIELD) return rule.fields?.includes(event.field) ?? rule.mode === 'passthrough';
	if (rule.objects !== null && !rule.objects.includes(event.object)) return false;
	return rule.fields?.includes(event.field) ?? true;
}

/**
 * The deliveries of one receipt's new events, as `[index of the event, subscriber]`, in the order of the events. In mode
 * `passthrough` the bytes cannot be split without breaking Meta's signature: the first wanted event carries the whole body.
 */
export function fanOut(rules: readonly RoutingRule[], events: readonly Routable[]): [number, RoutingRule][] {
	const served = new Set<string>();
	return events.flatMap((event, index) =>
		rules.flatMap((rule): [number, RoutingRule][] => {
			if (served.has(rule.id) || !wants(rule, event)) return [];
			if (rule.mode === 'passthrough') served.add(rule.id);
			return [[index, rule]];
		}),
	);
}

/** Result of one HTTP attempt. */
export type AttemptResult = Answer | { readonly kind: 'no-answer'; readonly reason: NoAnswerReason };
export type Answer = {
	readonly kind: 'answer';
	readonly status: number;
	readonly contentType: string;
	/** `Retry-After` and `Date` as they came */
	readonly retryAfter: string | null;
	readonly date: string | null;
	/** the first bytes of the body; the rest is not read */
	readonly text: string;
};
export type NoAnswerReason = 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'forbidden-address' | 'network';

/** A decision and its code. Codes are stable: logs, metrics, the dashboard and docs/relay/errors.md use them. */
export type Verdict =
	| { readonly kind: 'delivered'; readonly reason: 'ok' }
	/** `about`: what failed; every other event of the subscriber waits for the receiver, access or rate, none for an event */
	| { readonly kind: 'retry'; readonly reason: string; readonly about: About; readonly retryAfterMs?: number }
	/** retrying the same bytes cannot help */
	| { readonly kind: 'dead'; readonly reason: string };
export type About = 'event' | 'receiver' | 'access' | 'rate';

/** n8n answers 200 with this page while its database migrates, and forgets what it was sent (measured on 2.41.1). */
const STARTING_UP = /n8n is starting up/i;
/** Inside JSON those words are somebody's data. */
const IS_JSON = /^application\/(?:[\w.+-]+\+)?json\b/i;
/** n8n's 404 for a workflow that is inactive, or whose registration it lost (n8n#15666, #34838). */
const NOT_REGISTERED = /is not registered/i;
/** Standard Webhooks receivers refuse a timestamp that is further off. */
export const CLOCK_TOLERANCE_MS = 300_000;

/**
 * Was this delivered, and if not, what now? An answer that began with 2xx is judged by its status and first bytes: the
 * workflow has started, however the rest of the answer arrives.
 *
 * @param success `n8n` looks at the first bytes too; `status` takes any 2xx
 */
export function judgeAnswer(result: AttemptResult, success: 'n8n' | 'status', now: number): Verdict {
	if (result.kind === 'no-answer') return { kind: 'retry', reason: result.reason, about: 'receiver' };
	const { status } = result;
	if (status >= 200 && status < 300) {
		const starting = success === 'n8n' && STARTING_UP.test(result.text) && !IS_JSON.test(result.contentType);
		return starting
			? { kind: 'retry', reason: 'n8n-starting', about: 'receiver' }
			: { kind: 'delivered', reason: 'ok' };
	}
	if (status === 413) return { kind: 'dead', reason: 'http-413' };
	const retryAfterMs = readRetryAfter(result.retryAfter, now);
	return { kind: 'retry', ...explainStatus(result, now), ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

function explainStatus(answer: Answer, now: number): { reason: string; about: About } {
	const { status } = answer;
	// Too Early: the trigger's answer to a true signature with a time it does not take.
	if (status === 425) return { reason: 'clock-skew', about: 'receiver' };
	const skewMs = clockSkew(answer.date, now);
	if (status >= 400 && status < 500 && status !== 429 && Math.abs(skewMs) > CLOCK_TOLERANCE_MS) {
		return { reason: 'clock-skew', about: 'receiver' };
	}
	const reason = `http-${status}`;
	if (status === 401 || status === 403 || status === 410) return { reason, about: 'access' };
	if (status === 404 && NOT_REGISTERED.test(answer.text)) return { reason: 'n8n-not-registered', about: 'receiver' };
	if (status === 429) return { reason, about: 'rate' };
	return { reason, about: status >= 502 && status <= 504 ? 'receiver' : 'event' };
}

/** How far the receiver's clock, by its `Date` header, is ahead of ours in ms; 0 without a readable header. */
export function clockSkew(date: string | null, now: number): number {
	const theirs = Date.parse(date ?? '');
	return Number.isNaN(theirs) ? 0 : theirs - now;
}

/** `Retry-After` in ms: seconds, or an HTTP date. Null when absent, past or unreadable. */
export function readRetryAfter(header: string | null, now: number): number | null {
	if (header === null || header.trim() === '') return null;
	if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
	const wait = Date.parse(header) - now;
	return wait > 0 ? wait : null;
}

/** The waits before each further attempt; jitter only lengthens them (0.2: by up to 20 %). */
export type RetrySchedule = { readonly delaysMs: readonly number[]; readonly jitter: number };

const [SECOND, HOUR] = [1000, 3_600_000];
const WAITS = [5, 15, 30, 120, 600, 1800].map((seconds) => seconds * SECOND);
/** 75 hours: a starting n8n is back within half a minute, an outage of Friday evening is often repaired on Monday. */
export const DEFAULT_RETRY: RetrySchedule = {
	delaysMs: [...WAITS, ...[1, 2, 4, 6, 8, 12, 18, 24].map((hours) => hours * HOUR)],
	jitter: 0.2,
};
/** A subscriber may ask for patience, not forever. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR;

type DelayOptions = { readonly random: number; readonly retryAfterMs?: number | undefined; readonly about?: About };

/**
 * How long to wait, in ms; null: the schedule is used up. Refused access never uses it up: its last wait repeats.
 *
 * @param attempts how many were made, at least 1
 * @param random uniform in [0, 1)
 */
export function nextDelay(schedule: RetrySchedule, attempts: number, options: DelayOptions): number | null {
	const { random, retryAfterMs = 0, about } = options;
	const delay = schedule.delaysMs[attempts - 1] ?? (about === 'access' ? schedule.delaysMs.at(-1) : undefined);
	if (delay === undefined) return null;
	return Math.round(Math.max(delay * (1 + schedule.jitter * random), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)));
}
