import { createHmac } from 'node:crypto';
import type { AccountTruth } from '../world/account-truth.ts';
import type { SubscriptionStore } from '../world/subscription-store.ts';
import { APPS } from '../world/token.ts';
import type { World } from '../world/world.ts';
import type { EventContext, EventShape } from './event-shape.ts';
import { CHANGES_SHAPES, MESSAGING_SHAPES } from './event-shapes.ts';

export type EmitOptions = {
	/** A name of EVENT_SHAPES, `all` for one of each, or `batch` for many comments in one request; default `comments`. */
	readonly shape?: string;
	/** Key of the account it happens to; default `bakery`. With commas, several accounts whose events share one request. */
	readonly account?: string;
	/** Where to; without it, to every app that has set a callback and subscribed the account. */
	readonly url?: string;
	/** Whose secret signs; without it, the app of the login that the shape belongs to. */
	readonly app?: 'instagram' | 'facebook';
	/** A secret of your own instead of the app's. */
	readonly secret?: string;
	readonly signature?: SignatureKind;
	/** How many events are in a `batch`, at most 1,000; default 3. */
	readonly size?: number;
	/** Send the same bytes this many times; default 1. */
	readonly times?: number;
	/** Try at most this many times until the callback answers 200, without a pause, as Meta does at first; default 1. */
	readonly tries?: number;
};

/** One attempt. */
export type EmitResult = {
	readonly shape: string;
	readonly url: string;
	/** The bytes that were sent. */
	readonly body: string;
	readonly headers: Readonly<Record<string, string>>;
	/** 0 without an answer. */
	readonly status: number;
	/** The first 300 characters of the answer, or why there is none. */
	readonly answer: string;
};

export type Emitter = {
	/** Empty without subscribers. @throws {RangeError} an unknown shape or account */
	emit(options?: EmitOptions): Promise<readonly EmitResult[]>;
	/** Emit again and again until the returned function is called or the sandbox stops. */
	emitEvery(everyMs: number, options?: EmitOptions): () => void;
	stopTimers(): void;
};

/** How long a callback may take. Meta names a time for messages only. */
const ANSWER_MS = { messages: 5_000, others: 10_000 };
/** When messages have failed for this long, the account is unsubscribed. */
const FAILING_MS = 3_600_000;
const LARGEST_BATCH = 1_000;

export function createEmitter(world: World, subscriptions: SubscriptionStore): Emitter {
	const timers = new Set<NodeJS.Timeout>();
	/** When messages began to fail, by app and account. */
	const failingSince = new Map<string, number>();
	let ordinal = 0;

	async function emit(options: EmitOptions = {}): Promise<readonly EmitResult[]> {
		const accounts = (options.account ?? 'bakery').split(',').map((key) => world.account(key.trim()));
		const results: EmitResult[] = [];
		for (const { name, shapes } of notifications(options)) {
			const sentAt = world.now().getTime();
			const events = accounts.flatMap((account) =>
				shapes.map((shape) => {
					ordinal += 1;
					return { shape, context: { account, at: sentAt - 200, ordinal } };
				}),
			);
			const [first] = shapes;
			if (first === undefined) continue;
			const isMessage = first.place === 'messaging' || first.place === 'standby';
			for (const target of targets(options, first, accounts)) {
				const own = events.filter(({ context }) => target.accounts.includes(context.account));
				for (let time = 0; time < (options.times ?? 1); time++) {
					const tries = await untilTaken(options.tries ?? 1, (earlierTries) => {
						// A repetition is the same bytes; a later try says when it was sent.
						const body = escapedJson(envelope(own, earlierTries === 0 ? sentAt : world.now().getTime()));
						const headers = {
							'content-type': 'application/json',
							'user-agent': 'facebookexternalua',
							...signatureHeaders(options.signature ?? 'good', target.secret, body),
						};
						return post(name, target.url, headers, body, isMessage ? ANSWER_MS.messages : ANSWER_MS.others);
					});
					results.push(...tries);
					const isTaken = tries.at(-1)?.status === 200;
					if (isMessage) for (const { key } of target.accounts) remember(target.appId, key, isTaken);
				}
			}
		}
		return results;
	}

	/** Meta unsubscribes an account whose messages have failed for an hour. Someone must subscribe it again. */
	function remember(appId: string | undefined, accountKey: string, isTaken: boolean): void {
		if (appId === undefined) return;
		const key = `${appId}|${accountKey}`;
		const now = world.now().getTime();
		const since = failingSince.get(key) ?? now;
		if (isTaken) failingSince.delete(key);
		else failingSince.set(key, since);
		if (isTaken || now - since < FAILING_MS) return;
		subscriptions.removeAccount(appId, accountKey);
		failingSince.delete(key);
	}

	/** Three layers must all be set: the app's callback, the app's field, and the account. The dashboard skips the last. */
	function targets(options: EmitOptions, shape: EventShape, accounts: readonly AccountTruth[]): Target[] {
		const own = APPS[options.app ?? shape.login];
		if (options.url !== undefined) return [{ url: options.url, secret: options.secret ?? own.secret, accounts }];
		return (options.app === undefined ? Object.values(APPS) : [own])
			.filter((app) => app.id !== APPS.instagram.id || INSTAGRAM_LOGIN_GETS.has(shape.field))
			.flatMap((app) => {
				const isSubscribed = ({ key }: AccountTruth) => subscriptions.ofAccount(app.id, key) !== null;
				const subscribed = shape.fromDashboard === true ? accounts : accounts.filter(isSubscribed);
				const callbacks = subscriptions
					.ofApp(app.id)
					.filter((one) => one.object === 'instagram' && one.fields.includes(shape.field) && subscribed.length > 0);
				const secret = options.secret ?? app.secret;
				return callbacks.map(({ callbackUrl: url }) => ({ url, secret, appId: app.id, accounts: subscribed }));
			});
	}

	return {
		emit,
		emitEvery(everyMs, options) {
			const timer = setInterval(() => void emit(options).catch(() => {}), everyMs);
			timer.unref();
			timers.add(timer);
			return () => {
				clearInterval(timer);
				timers.delete(timer);
			};
		},
		stopTimers() {
			for (const timer of timers) clearInterval(timer);
			timers.clear();
		},
	};
}

function notifications(options: EmitOptions): { readonly name: string; readonly shapes: readonly EventShape[] }[] {
	const name = options.shape ?? 'comments';
	if (name === 'all') return Object.entries(EVENT_SHAPES).map(([each, shape]) => ({ name: each, shapes: [shape] }));
	const shape = EVENT_SHAPES[name === 'batch' ? 'comments' : name];
	if (shape === undefined) {
		throw new RangeError(`no webhook shape "${name}"; known: all, batch, ${Object.keys(EVENT_SHAPES).join(', ')}`);
	}
	if (name !== 'batch') return [{ name, shapes: [shape] }];
	const size = Math.min(LARGEST_BATCH, Math.max(1, options.size ?? 3));
	return [{ name, shapes: Array.from({ length: size }, () => shape) }];
}

type Target = {
	readonly url: string;
	readonly secret: string;
	/** Left out where the caller gave the URL. */
	readonly appId?: string;
	readonly accounts: readonly AccountTruth[];
};

async function untilTaken(most: number, attempt: (earlierTries: number) => Promise<EmitResult>): Promise<EmitResult[]> {
	const results: EmitResult[] = [];
	do results.push(await attempt(results.length));
	while (results.length < most && results.at(-1)?.status !== 200);
	return results;
}

async function post(
	shape: string,
	url: string,
	headers: Readonly<Record<string, string>>,
	body: string,
	limitMs: number,
): Promise<EmitResult> {
	const sent = { shape, url, body, headers };
	try {
		const signal = AbortSignal.timeout(limitMs);
		const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
		return { ...sent, status: response.status, answer: (await response.text()).slice(0, 300) };
	} catch (error) {
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
		return { ...sent, status: 0, answer: cause instanceof Error ? cause.message : String(cause) };
	}
}

/** Every shape of webhook that is known for the object `instagram`. */
export const EVENT_SHAPES: Readonly<Record<string, EventShape>> = { ...CHANGES_SHAPES, ...MESSAGING_SHAPES };

/** An app with Instagram Login can subscribe to other fields too, and never receives them. */
const INSTAGRAM_LOGIN_GETS: ReadonlySet<string> = new Set(
	Object.values(EVENT_SHAPES).flatMap(({ login, field }) => (login === 'instagram' ? field : [])),
);

/**
 * The body Meta would post for these events: one entry for each run of events of one account and the same place.
 *
 * `entry.time` is when the notification was sent: seconds for changes, milliseconds for messages.
 */
export function envelope(
	events: readonly { readonly shape: EventShape; readonly context: EventContext }[],
	sentAt: number,
): object {
	const entries: Record<string, unknown>[] = [];
	let open: { place: string; account: string; list: unknown[] } | null = null;
	for (const { shape, context } of events) {
		const account = shape.fromDashboard === true ? '0' : context.account.id;
		const value = shape.value(context);
		if (shape.place === 'flat') {
			// The flat form holds one event only.
			entries.push({ id: account, time: Math.floor(sentAt / 1000), field: shape.field, value });
			open = null;
			continue;
		}
		const item = shape.place === 'changes' ? { field: shape.field, value } : value;
		if (open !== null && open.place === shape.place && open.account === account) {
			open.list.push(item);
			continue;
		}
		const list = [item];
		open = { place: shape.place, account, list };
		entries.push({
			id: account,
			time: shape.place === 'changes' ? Math.floor(sentAt / 1000) : sentAt,
			[shape.place]: list,
		});
	}
	return { object: 'instagram', entry: entries };
}

/** JSON as Meta writes it: ASCII only, with `\u00e9` in lower-case hex and `\/`. */
function escapedJson(body: object): string {
	return JSON.stringify(body)
		.replaceAll('/', '\\/')
		.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

type SignatureKind = 'good' | 'forged' | 'missing' | 'sha1';

/** The signature headers of the bytes that are sent. `sha1` sends only the old kind; `forged` uses another secret. */
function signatureHeaders(kind: SignatureKind, secret: string, bytes: string): Readonly<Record<string, string>> {
	switch (kind) {
		case 'good':
			return { 'x-hub-signature-256': `sha256=${hmac('sha256', secret, bytes)}` };
		case 'forged':
			return { 'x-hub-signature-256': `sha256=${hmac('sha256', `not-${secret}`, bytes)}` };
		case 'sha1':
			return { 'x-hub-signature': `sha1=${hmac('sha1', secret, bytes)}` };
		case 'missing':
			return {};
		default:
			return kind satisfies never;
	}
}

function hmac(algorithm: 'sha256' | 'sha1', secret: string, bytes: string): string {
	return createHmac(algorithm, secret).update(bytes, 'utf8').digest('hex');
}
