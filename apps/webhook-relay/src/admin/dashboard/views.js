// What each part of the page shows of the admin API's rows.
import { ago, clockTime, count, element, facts, showContent } from './elements.js';

const STATE_WORDS = { pending: ['waiting', 'wait'], delivered: ['delivered', 'good'], dead: ['dead letter', 'bad'] };

export function showTotals(target, totals, perMinute) {
	const tiles = [
		['Events stored', count(totals.events)],
		['Events a minute', perMinute === null ? '…' : count(perMinute)],
		['Waiting deliveries', count(totals.pending)],
		['Oldest waiting', totals.oldestPendingAt === null ? 'none' : ago(totals.oldestPendingAt, totals.now)],
		['Dead letters', count(totals.dead)],
		['Store', totals.bytes === null ? '–' : `${count(Math.round(totals.bytes / 1e5) / 10)} MB`],
	];
	showContent(
		target,
		tiles.map(([term, value]) => element('div', {}, element('dt', {}, term), element('dd', {}, value))),
	);
}

export function showWarnings(target, warnings, now) {
	const words = {
		silent: ({ accountId, lastReceivedAt }) =>
			`Account ${accountId} is silent: last heard of ${ago(lastReceivedAt, now)}.`,
		standby: ({ accountId, share }) =>
			`${Math.round(share * 100)} % of the messages of account ${accountId} come as standby: another app is its primary receiver.`,
	};
	showContent(
		target,
		warnings.map((warning) => element('li', { class: 'wait' }, `⚠ ${words[warning.kind](warning)}`)),
	);
}

/** A subscriber's health, in words and colour. */
function healthOf(row, now) {
	if (row.pause !== null) return [`paused: ${row.pause.reason}`, 'bad'];
	if (!row.known) return ['not in the subscribers file', 'wait'];
	if (row.heldUntil > now) return [`on hold, next try ${ago(row.heldUntil, now)}`, 'wait'];
	if (row.consecutiveFailures > 0) return [`failing: ${row.lastFailureReason}`, 'wait'];
	return ['healthy', 'good'];
}

/** @param act `(name, subscriberId)` for pause, resume and replay-dead */
export function subscriberItem(act) {
	const title = element('h3');
	const health = element('p', { class: 'state' });
	const details = element('div');
	const toggle = element('button', { type: 'button', class: 'secondary' });
	const replay = element('button', { type: 'button', class: 'secondary' }, 'Replay dead letters');
	const item = element('li', {}, title, health, details, element('div', { class: 'actions' }, toggle, replay));
	let id = '';
	toggle.addEventListener('click', () => act(toggle.dataset.action, id));
	replay.addEventListener('click', () => act('replay-dead', id));
	item.update = (row) => {
		id = row.subscriberId;
		const [words, tone] = healthOf(row, row.now);
		title.textContent = id;
		health.textContent = words;
		health.className = `state ${tone}`;
		toggle.dataset.action = row.pause === null ? 'pause' : 'resume';
		toggle.textContent = row.pause === null ? 'Pause' : 'Resume';
		toggle.setAttribute('aria-label', `${toggle.textContent} ${id}`);
		replay.setAttribute('aria-label', `Replay dead letters of ${id}`);
		showContent(
			details,
			facts([
				['Goes to', row.settings === null ? null : `${row.settings.origin} (${row.settings.mode})`],
				['Waiting', `${count(row.pending)}, ${count(row.leased)} under way`],
				['Oldest', row.oldestPendingAt === null ? 'none' : ago(row.oldestPendingAt, row.now)],
				['Last success', ago(row.lastSuccessAt, row.now)],
				[
					'Last failure',
					row.lastFailureAt === null ? 'never' : `${ago(row.lastFailureAt, row.now)}: ${row.lastFailureReason}`,
				],
			]),
		);
	};
	return item;
}

/** @param open loads the detail into the given element; called when opened and at each refresh while open */
export function eventItem(open) {
	const summary = element('summary');
	const detail = element('div');
	const details = element('details', {}, summary, detail);
	const item = element('li', {}, details);
	let id = '';
	details.addEventListener('toggle', () => {
		if (details.open) open(id, detail);
	});
	item.update = (row) => {
		id = row.eventId;
		const states = ['pending', 'delivered', 'dead']
			.filter((state) => row[state] > 0)
			.map((state) =>
				element('span', { class: `state ${STATE_WORDS[state][1]}` }, `${row[state]} ${STATE_WORDS[state][0]}`),
			);
		showContent(
			summary,
			element('span', { class: 'name' }, row.field),
			element('span', {}, ` account ${row.accountId || 'none'} `),
			element('time', { class: 'quiet', datetime: new Date(row.receivedAt).toISOString() }, clockTime(row.receivedAt)),
			states.length > 0 ? states : element('span', { class: 'quiet' }, ' no subscriber wanted it'),
		);
		if (details.open) open(id, detail);
	};
	return item;
}

/** @param act `(subscriberId)`: replay this event to that subscriber */
export function showEventDetail(target, { event, deliveries }, act) {
	showContent(
		target,
		facts([
			['Event id', event.eventId],
			['Happened', clockTime(event.occurredAt)],
			['Signed with', event.secretName],
			['Shape', event.origin],
		]),
		element('pre', { tabindex: '0', 'aria-label': 'Payload' }, JSON.stringify(event.value, null, 2)),
		deliveries.map((delivery) => deliveryView(delivery, act)),
	);
}

function deliveryView(delivery, act) {
	const [words, tone] = STATE_WORDS[delivery.state];
	const due =
		delivery.state === 'pending' && delivery.dueAt > Date.now() ? `, next try ${clockTime(delivery.dueAt)}` : '';
	return element(
		'section',
		{},
		element('h3', {}, `${delivery.subscriberId}: `, element('span', { class: tone }, `${words}${due}`)),
		delivery.attemptLog.length > 0 ? attemptTable(delivery) : element('p', { class: 'quiet' }, 'No attempt yet.'),
		delivery.state === 'pending'
			? null
			: element(
					'button',
					{
						type: 'button',
						class: 'secondary',
						'aria-label': `Replay to ${delivery.subscriberId}`,
						onclick: () => act(delivery.subscriberId),
					},
					'Replay',
				),
	);
}

function attemptTable({ subscriberId, attemptLog }) {
	const headings = ['Attempt', 'At', 'Took', 'Status', 'Outcome', 'Answer'];
	return element(
		'div',
		{ class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Attempts to ${subscriberId}` },
		element(
			'table',
			{},
			element(
				'thead',
				{},
				element(
					'tr',
					{},
					headings.map((heading) => element('th', { scope: 'col' }, heading)),
				),
			),
			element(
				'tbody',
				{},
				attemptLog.map(({ number, startedAt, durationMs, status, reason, excerpt }) =>
					element(
						'tr',
						{},
						[
							String(number),
							clockTime(startedAt),
							`${durationMs} ms`,
							status === null ? '–' : String(status),
							reason,
							excerpt,
						].map((text) => element('td', {}, text)),
					),
				),
			),
		),
	);
}
