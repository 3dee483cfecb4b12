import { WEBHOOK_FIELDS } from '@instagram-insights/core/webhook';
import type { AccountFieldRow, AdminStore, SubscriberRow } from './admin-store.ts';

/**
 * What needs attention: for the dashboard, the doctor and the log. `detail` says what is wrong, `advice` what to
 * do, `since` since when (ms since 1970).
 */
export type Concern = {
	readonly kind:
		| 'paused'
		| 'held'
		| 'unreached'
		| 'failing'
		| 'removed'
		| 'waiting'
		| 'dead'
		| 'silent'
		| 'standby'
		| 'size'
		| 'not-stored';
	readonly severity: 'failed' | 'warning';
	/** id of the subscriber or the account; empty: the relay as a whole */
	readonly subject: string;
	readonly detail: string;
	readonly advice: string;
	readonly since: number | null;
};

/** Meta's webhooks are answered 503: since when, and the kind of the last error. */
export type NotStored = { readonly since: number; readonly reason: string };

const WARNINGS: ReadonlySet<Concern['kind']> = new Set(['failing', 'silent', 'standby']);

export type Situation = {
	readonly subscribers: readonly SubscriberRow[];
	readonly accounts: readonly AccountFieldRow[];
	readonly bytes: number | null;
	/** largest size of the store; null: no limit */
	readonly maxBytes: number | null;
	/** null: the last webhook was stored */
	readonly notStored: NotStored | null;
	/** dismissed concerns by `nameOf`, with the time it was done */
	readonly dismissed: ReadonlyMap<string, number>;
	readonly now: number;
	/** how long an account may be quiet; 0: forever */
	readonly silenceMs: number;
	readonly retentionMs: number;
	/** how long a delivery may wait before it is a concern */
	readonly waitingMs: number;
};

/** The name of a concern, by which it is dismissed. */
export function nameOf({ kind, subject }: Pick<Concern, 'kind' | 'subject'>): string {
	return `${kind} ${subject}`;
}

/** Everything that needs attention, the most urgent first. */
export function findConcerns(situation: Situation): readonly Concern[] {
	const concerns = [
		...storingConcerns(situation),
		...situation.subscribers.flatMap((row) => subscriberConcerns(row, situation)),
		...sizeConcerns(situation),
		...accountConcerns(situation),
	];
	return concerns.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

function concern(
	kind: Concern['kind'],
	subject: string,
	since: number | null,
	{ detail, advice }: Pick<Concern, 'detail' | 'advice'>,
): Concern {
	return { kind, severity: WARNINGS.has(kind) ? 'warning' : 'failed', subject, detail, advice, since };
}

function subscriberConcerns(row: SubscriberRow, { now, waitingMs }: Situation): readonly Concern[] {
	const { subscriberId: subject, pending, dead, oldestPendingAt } = row;
	const waiting = `${plural(pending, 'delivery waits', 'deliveries wait')} for ${subject}`;
	if (!row.known) {
		const advice = 'Send these deliveries to another subscriber, drop them, or add the subscriber again.';
		const removed = { detail: `${waiting}, which was removed`, advice };
		return pending === 0 ? [] : [concern('removed', subject, oldestPendingAt, removed)];
	}
	const found = healthConcerns(row, now);
	if (found.length === 0 && oldestPendingAt !== null && now - oldestPendingAt > waitingMs) {
		const advice =
			'Check that the relay is running. Then check concurrency, ratePerSecond, and how long the receiver takes to answer.';
		found.push(concern('waiting', subject, oldestPendingAt, { detail: waiting, advice }));
	}
	if (dead > 0) {
		const detail = `${plural(dead, 'dead delivery', 'dead deliveries')} of ${subject}${because(row)}`;
		const advice = `Fix the cause, then replay on the dashboard or run: instagram-webhook-relay replay --subscriber ${subject} --state dead`;
		found.push(concern('dead', subject, row.lastFailureAt, { detail, advice }));
	}
	return found;
}

const because = ({ lastFailureReason: reason }: SubscriberRow) => (reason === null ? '' : ` (${reason})`);

/** The main reason why a subscriber gets no deliveries; empty when it does. */
function healthConcerns(row: SubscriberRow, now: number): Concern[] {
	const { subscriberId: subject, pause, lastSuccessAt, lastFailureReason } = row;
	const advice = adviceFor(lastFailureReason);
	const about = (kind: Concern['kind'], since: number | null, words: string) => [
		concern(kind, subject, since, { detail: `${subject} ${words}${because(row)}`, advice }),
	];
	if (pause !== null) {
		const detail = `${subject} is ${pause.reason.startsWith('paused') ? '' : 'paused: '}${pause.reason}`;
		const wayOut =
			pause.by === 'operator'
				? 'Resume it when its receiver is ready. Its deliveries wait until then.'
				: `${advice} The relay keeps trying. Choose Resume to try now.`;
		return [concern('paused', subject, pause.at, { detail, advice: wayOut })];
	}
	if (lastSuccessAt === null && row.lastFailureAt !== null) {
		return about('unreached', row.oldestPendingAt, 'has not accepted any delivery yet');
	}
	if (row.heldUntil > now) return about('held', lastSuccessAt, 'is on hold');
	return row.consecutiveFailures > 0 ? about('failing', lastSuccessAt, 'is failing') : [];
}

/** What to do about a reason code of an attempt. */
export function adviceFor(reason: string | null): string {
	return (
		ADVICE.find(([form]) => form.test(reason ?? ''))?.[1] ??
		"Look for the error in the receiver's log (in n8n: Executions of the workflow)."
	);
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
	[/^(refused|reset|network)$/, 'Check that the receiver is running, and its address and port.'],
	[/^timeout$/, 'Let the workflow respond immediately, or raise timeoutMs.'],
	[/^dns$/, 'Correct the host name in the URL.'],
	[/^tls$/, 'Correct the certificate of the receiver, or the host name of the URL.'],
	[
		/^forbidden-address$/,
		'Use an allowed address: not link-local, not cloud metadata, and not private when RELAY_ALLOW_PRIVATE=false.',
	],
	[/^n8n-not-registered$/, 'Publish the workflow in n8n, and check that the URL is its production URL.'],
	[/^n8n-starting$/, 'Wait: n8n is starting.'],
	[/^clock-skew$/, 'Sync the clocks of this machine and of the receiver with NTP.'],
	[/^http-(401|403)$/, 'Compare the secret or header of the subscriber with the credential of the workflow.'],
	[/^http-404$/, 'Compare the URL with the production URL of the workflow.'],
	[/^http-410$/, 'The receiver asked to stop. Remove the subscriber.'],
	[/^http-413$/, 'Raise the size limit of the receiver (n8n: N8N_PAYLOAD_SIZE_MAX).'],
	[/^http-429$/, 'Set ratePerSecond to what the receiver can take.'],
	[/^http-3\d\d$/, 'Use the final URL: the relay does not follow redirects.'],
];

function storingConcerns({ notStored }: Situation): readonly Concern[] {
	if (notStored === null) return [];
	const detail = `Webhooks are not stored (${notStored.reason}): Meta gets 503, and sends them again for a limited time`;
	const advice = 'Check the store and its disk: the error is in the log line "events not stored".';
	return [concern('not-stored', '', notStored.since, { detail, advice })];
}

const FULL_SHARE = 0.9;

function sizeConcerns({ bytes, maxBytes }: Situation): readonly Concern[] {
	if (bytes === null || maxBytes === null || bytes < maxBytes * FULL_SHARE) return [];
	const detail = `The store uses ${megabytes(bytes)} of ${megabytes(maxBytes)}`;
	const advice = 'Raise RELAY_STORE_MAX_MB or shorten RELAY_RETENTION_DAYS: a full store answers Meta with 503.';
	return [concern('size', '', null, { detail, advice })];
}

/** The fields of conversations. */
const MESSAGING_FIELDS: ReadonlySet<string> = new Set(
	Object.entries(WEBHOOK_FIELDS).flatMap(([field, { keys }]) => (keys.length > 0 ? field : [])),
);
const STANDBY_SHARE = 0.5;
/** With fewer messages, the share means nothing. */
const STANDBY_MINIMUM = 5;
/** Counts never shrink, so old standby events must not warn forever. */
const STANDBY_RECENT_MS = 24 * 3_600_000;

/** Every request is answered 200, but no events arrive, or they arrive as standby. Samples belong to account 0. */
function accountConcerns(situation: Situation): readonly Concern[] {
	const { accounts, dismissed, now, silenceMs, retentionMs } = situation;
	const byAccount = Map.groupBy(accounts, ({ accountId }) => accountId);
	return [...byAccount].flatMap(([subject, fields]): Concern[] => {
		if (subject === '0' || subject === '') return [];
		const found: Concern[] = [];
		const heardAt = Math.max(...fields.map((row) => row.lastReceivedAt));
		if (silenceMs > 0 && now - heardAt > silenceMs && now - heardAt <= retentionMs) {
			const detail = `No events from account ${subject}`;
			const advice =
				'Run the doctor command: Meta ends the subscription to messages after an hour of failures. Dismiss this if the account is just quiet.';
			found.push(concern('silent', subject, heardAt, { detail, advice }));
		}
		const count = (rows: readonly AccountFieldRow[]) => rows.reduce((sum, { events }) => sum + events, 0);
		const standby = fields.filter(
			({ field, lastReceivedAt }) => field === 'standby' && now - lastReceivedAt <= STANDBY_RECENT_MS,
		);
		const all = count(standby) + count(fields.filter(({ field }) => MESSAGING_FIELDS.has(field)));
		if (all >= STANDBY_MINIMUM && count(standby) / all > STANDBY_SHARE) {
			const detail = `${Math.round((100 * count(standby)) / all)} % of the messages of account ${subject} arrive as standby: another app is its primary receiver`;
			const advice =
				"Make this app the primary receiver under Conversation Routing, or subscribe to the field 'standby'.";
			found.push(concern('standby', subject, null, { detail, advice }));
		}
		// A dismissal covers the current silence, and the next one warns again. For standby it lasts as long as retention.
		return found.filter((concern) => {
			const at = dismissed.get(nameOf(concern)) ?? Number.NEGATIVE_INFINITY;
			return concern.kind === 'silent' ? at < heardAt : now - at > retentionMs;
		});
	});
}

export function plural(count: number, one: string, many: string): string {
	return `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`;
}

export function megabytes(bytes: number): string {
	return `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;
}

export type Attention = {
	/** The concerns as of now, and the rows of the store that they were found in. */
	look(): Promise<{ concerns: readonly Concern[] } & Pick<Situation, 'subscribers' | 'accounts'>>;
	/** Stop this warning: a silence until the next one, standby for the time of retention. */
	dismiss(concern: Pick<Concern, 'kind' | 'subject'>): Promise<void>;
};

const NOTES = 'dismissed/';

/** Concerns as the store has them now. */
export function watchAttention(
	store: Pick<AdminStore, 'browse' | 'remember' | 'recall'>,
	options: Pick<Situation, 'silenceMs' | 'retentionMs' | 'waitingMs' | 'maxBytes'> & {
		/** @default always null: a command beside the relay does not see its webhooks */
		readonly notStored?: () => NotStored | null;
		readonly now: () => number;
	},
): Attention {
	const { now } = options;
	return {
		async look() {
			const [{ subscribers, bytes }, accounts, notes] = await Promise.all([
				store.browse.standing(now()),
				store.browse.accounts(),
				store.recall(NOTES),
			]);
			const dismissed = new Map(notes.map(({ name, text }) => [name.slice(NOTES.length), Number(text)]));
			const notStored = options.notStored?.() ?? null;
			const situation = { ...options, notStored, subscribers, accounts, bytes, dismissed, now: now() };
			return { concerns: findConcerns(situation), subscribers, accounts };
		},
		async dismiss(concern) {
			await store.remember(`${NOTES}${nameOf(concern)}`, String(now()));
		},
	};
}
