import type { AccountFieldRow, AdminStore, SubscriberRow } from './admin-store.ts';

/**
 * What needs attention: for the dashboard, the doctor and the log. `detail` says what is wrong, `advice` the way out,
 * `since` since when (ms since 1970).
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
		| 'size';
	readonly severity: 'failed' | 'warning';
	/** id of the subscriber or the account; empty: the relay as a whole */
	readonly subject: string;
	readonly detail: string;
	readonly advice: string;
	readonly since: number | null;
};

export type Situation = {
	readonly subscribers: readonly SubscriberRow[];
	readonly accounts: readonly AccountFieldRow[];
	readonly bytes: number | null;
	/** largest size of the store; null: no limit */
	readonly maxBytes: number | null;
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
		...situation.subscribers.flatMap((row) => subscriberConcerns(row, situation)),
		...sizeConcerns(situation),
		...accountConcerns(situation),
	];
	return concerns.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

function subscriberConcerns(row: SubscriberRow, { now, waitingMs }: Situation): readonly Concern[] {
	const { subscriberId: subject, pending, dead, lastFailureReason } = row;
	const concern = (kind: Concern['kind'], since: number | null, detail: string, advice: string): Concern => ({
		...{ kind, severity: 'failed', subject, since, detail, advice },
	});
	if (!row.known) {
		if (pending === 0) return [];
		const detail = `${plural(pending, 'delivery waits', 'deliveries wait')} for ${subject}, which was removed`;
		return [
			concern(
				'removed',
				row.oldestPendingAt,
				detail,
				'Send what waits to another subscriber, drop it, or put the subscriber back.',
			),
		];
	}
	const found: Concern[] = [];
	const because = lastFailureReason === null ? '' : ` (${lastFailureReason})`;
	if (row.pause !== null) {
		const { reason } = row.pause;
		const detail = `${subject} is ${reason.startsWith('paused') ? '' : 'paused: '}${reason}`;
		const advice =
			row.pause.by === 'operator'
				? 'Resume it when its receiver is ready. Its deliveries wait until then.'
				: `${adviceFor(lastFailureReason)} The relay keeps trying. Choose Resume to try now.`;
		found.push(concern('paused', row.pause.at, detail, advice));
	} else if (row.lastSuccessAt === null && row.lastFailureAt !== null) {
		found.push(
			concern(
				'unreached',
				row.oldestPendingAt,
				`${subject} has not accepted any delivery yet${because}`,
				adviceFor(lastFailureReason),
			),
		);
	} else if (row.heldUntil > now) {
		found.push(concern('held', row.lastSuccessAt, `${subject} is on hold${because}`, adviceFor(lastFailureReason)));
	} else if (row.consecutiveFailures > 0) {
		const failing = concern(
			'failing',
			row.lastSuccessAt,
			`${subject} is failing${because}`,
			adviceFor(lastFailureReason),
		);
		found.push({ ...failing, severity: 'warning' });
	}
	if (found.length === 0 && row.oldestPendingAt !== null && now - row.oldestPendingAt > waitingMs) {
		const detail = `${plural(pending, 'delivery waits', 'deliveries wait')} for ${subject}`;
		const advice =
			'Check that the relay is running. Then check concurrency, ratePerSecond, and how long the receiver takes to answer.';
		found.push(concern('waiting', row.oldestPendingAt, detail, advice));
	}
	if (dead > 0) {
		const detail = `${plural(dead, 'dead delivery', 'dead deliveries')} of ${subject}${because}`;
		found.push(
			concern(
				'dead',
				row.lastFailureAt,
				detail,
				`Fix the cause, then replay on the dashboard or run: instagram-webhook-relay replay --subscriber ${subject} --state dead`,
			),
		);
	}
	return found;
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

const FULL_SHARE = 0.9;

function sizeConcerns({ bytes, maxBytes }: Situation): readonly Concern[] {
	if (bytes === null || maxBytes === null || bytes < maxBytes * FULL_SHARE) return [];
	const detail = `The store uses ${megabytes(bytes)} of ${megabytes(maxBytes)}`;
	const advice = 'Raise RELAY_STORE_MAX_MB or shorten RELAY_RETENTION_DAYS: a full store answers Meta with 503.';
	return [{ kind: 'size', severity: 'failed', subject: '', detail, advice, since: null }];
}

const MESSAGING_FIELDS = new Set([
	...['messages', 'message_reactions', 'messaging_postbacks', 'messaging_referral', 'message_edit'],
]);
const STANDBY_SHARE = 0.5;
/** Fewer conversations than this prove nothing. */
const STANDBY_MINIMUM = 5;
/** Counts never shrink, so what came as standby long ago must not warn forever. */
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
			found.push({ kind: 'silent', severity: 'warning', subject, detail, advice, since: heardAt });
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
			found.push({ kind: 'standby', severity: 'warning', subject, detail, advice, since: null });
		}
		// A dismissal holds for this silence; the next one warns again. One of standby holds for as long as events are kept.
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
	find(): Promise<readonly Concern[]>;
	/** Stop warning of this: a silence until the next one, standby for as long as events are kept. */
	dismiss(concern: Pick<Concern, 'kind' | 'subject'>): Promise<void>;
};

const NOTES = 'dismissed/';

/** Concerns as the store has them now. */
export function watchAttention(
	store: Pick<AdminStore, 'browse' | 'remember' | 'recall'>,
	options: Pick<Situation, 'silenceMs' | 'retentionMs' | 'waitingMs' | 'maxBytes'> & { readonly now: () => number },
): Attention {
	const { now } = options;
	return {
		async find() {
			const [{ subscribers, bytes }, accounts, notes] = await Promise.all([
				store.browse.standing(now()),
				store.browse.accounts(),
				store.recall(NOTES),
			]);
			const dismissed = new Map(notes.map(({ name, text }) => [name.slice(NOTES.length), Number(text)]));
			return findConcerns({ ...options, subscribers, accounts, bytes, dismissed, now: now() });
		},
		async dismiss(concern) {
			await store.remember(`${NOTES}${nameOf(concern)}`, String(now()));
		},
	};
}
