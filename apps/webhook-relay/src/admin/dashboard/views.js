// What each part of the page shows of the admin API's rows.
import { button, count, element, exact, facts, indentJson, showContent, time } from './elements.js';

const STATES = { pending: ['waiting', 'wait'], delivered: ['delivered', 'good'], dead: ['dead', 'bad'] };
const SERIES = [
	['received', 'Received'],
	['delivered', 'Delivered'],
	['failed', 'Failed attempts'],
];

/** `@bakery` where the name is known, else the ID. */
export const accountName = (names, id) => (names[id] === undefined ? id || 'no account' : `@${names[id]}`);

export function showTotals(target, { totals, now }) {
	const tiles = [
		['Events stored', count(totals.events)],
		['Waiting deliveries', count(totals.pending)],
		['Oldest waiting', totals.oldestPendingAt === null ? 'none' : time(totals.oldestPendingAt, now)],
		['Dead deliveries', count(totals.dead)],
		['Store', totals.bytes === null ? '–' : `${count(Math.round(totals.bytes / 1e5) / 10)} MB`],
	];
	showContent(
		target,
		tiles.map(([term, value]) => element('div', {}, element('dt', {}, term), element('dd', {}, value))),
	);
}

/** Two small charts: bars for each series over the last hour and the last day, all on one scale. */
export function showCharts(target, chart) {
	const drawn = JSON.stringify(chart);
	if (target.dataset.drawn === drawn) return;
	target.dataset.drawn = drawn;
	target.replaceChildren(chartOf('Last hour', chart.hour), chartOf('Last day', chart.day));
}

const BAR = { width: 8, gap: 2, height: 34 };

function chartOf(title, { startedAt, stepMs, ...series }) {
	const most = Math.max(1, ...SERIES.flatMap(([name]) => series[name]));
	const sum = (name) => series[name].reduce((total, part) => total + part, 0);
	const label = `${title}: ${SERIES.map(([name, words]) => `${words} ${count(sum(name))}`).join(', ')}`;
	const hour = (ms) => new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
	const rows = SERIES.map(([name, words]) => {
		const width = series[name].length * BAR.width;
		const bars = series[name].map((part, index) => {
			const height = part === 0 ? 1 : Math.max(3, (part / most) * BAR.height);
			const from = startedAt + index * stepMs;
			return element(
				'rect',
				{
					class: part === 0 ? 'none' : name,
					...{ x: index * BAR.width, y: BAR.height - height, width: BAR.width - BAR.gap, height },
				},
				element('title', {}, `${hour(from)} to ${hour(from + stepMs)}: ${count(part)}`),
			);
		});
		return [
			element('span', { class: 'quiet' }, words),
			element(
				'svg',
				{ viewBox: `0 0 ${width} ${BAR.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
				bars,
			),
			element('strong', {}, count(sum(name))),
		];
	});
	return element(
		'figure',
		{ class: 'chart', role: 'img', 'aria-label': label },
		element('figcaption', {}, title),
		element('div', { class: 'chart-rows' }, rows),
		element('div', { class: 'chart-ends quiet' }, element('span', {}, hour(startedAt)), element('span', {}, 'now')),
	);
}

/** @param act `(concern)` by kind: dismiss, resume, replay */
export function concernItem(act) {
	const text = element('div', { class: 'words' });
	const actions = element('div', { class: 'actions' });
	const item = element('li', { class: 'concern' }, text, actions);
	item.update = ({ concern, names, now }) => {
		const { kind, severity, subject, since } = concern;
		item.className = `concern ${severity === 'failed' ? 'is-bad' : 'is-wait'}`;
		const isAccount = kind === 'silent' || kind === 'standby';
		const detail = isAccount ? concern.detail.replace(subject, accountName(names, subject)) : concern.detail;
		showContent(
			text,
			element('strong', {}, detail),
			since === null ? null : element('span', { class: 'quiet' }, ' since ', time(since, now)),
			element('p', {}, concern.advice),
		);
		const offers = { paused: 'Resume', dead: 'Replay…', silent: 'Dismiss', standby: 'Dismiss' };
		const offer = offers[kind];
		if (offer === undefined) actions.replaceChildren();
		else if (actions.childElementCount === 0)
			actions.append(
				button(offer, () => act(item.concern), {
					'aria-label': `${offer.replace('…', '')} ${isAccount ? 'the warning about ' : ''}${subject}`,
				}),
			);
		item.concern = concern;
	};
	return item;
}

/** @param open loads the detail into the given element; called when opened and when the event changes while open */
export function eventItem(open) {
	const summary = element('summary');
	const detail = element('div', { class: 'detail' });
	const details = element('details', {}, summary, detail);
	const item = element('li', {}, details);
	let [id, counts] = ['', ''];
	details.addEventListener('toggle', () => {
		if (details.open) open(id, detail);
	});
	item.update = ({ row, names, now }) => {
		id = row.eventId;
		const states = Object.entries(STATES)
			.filter(([state]) => row[state] > 0)
			.map(([state, [words, tone]]) =>
				element('span', { class: `state ${tone}` }, row[state] === 1 ? words : `${row[state]} ${words}`),
			);
		showContent(
			summary,
			element('span', { class: 'field' }, row.object === 'instagram' ? row.field : `${row.object}.${row.field}`),
			row.sample ? element('span', { class: 'sample' }, 'sample') : null,
			element('span', { class: 'words' }, row.summary),
			element('span', { class: 'account quiet' }, row.sample ? '' : accountName(names, row.accountId)),
			element('span', { class: 'when quiet' }, time(row.receivedAt, now)),
			element(
				'span',
				{ class: 'states' },
				states.length > 0 ? states : element('span', { class: 'quiet' }, 'no subscriber wants it'),
			),
		);
		const changed = counts !== `${row.pending} ${row.delivered} ${row.dead}`;
		counts = `${row.pending} ${row.delivered} ${row.dead}`;
		if (details.open && changed) open(id, detail);
	};
	return item;
}

/** @param act `(subscriberId)`: replay this event to that subscriber */
export function showEventDetail(target, { event, deliveries }, names, act) {
	showContent(
		target,
		facts([
			[
				'Account',
				names[event.accountId] === undefined
					? event.accountId || 'none'
					: `@${names[event.accountId]} (${event.accountId})`,
			],
			['Occurred', exact(event.occurredAt)],
			['Received', exact(event.receivedAt)],
			['Signed with', `app secret "${event.secretName}"`],
			['Event ID', event.eventId],
			event.sample ? ['Sample', "sent by the Test button of Meta's App Dashboard"] : ['Sample', null],
		]),
		element('pre', { tabindex: '0', 'aria-label': 'Payload' }, indentJson(event.valueText)),
		deliveries.map((delivery) => deliveryView(delivery, act)),
	);
}

function deliveryView(delivery, act) {
	const { subscriberId, state, dueAt, attemptLog } = delivery;
	const [words, tone] = STATES[state];
	const due = state === 'pending' && dueAt > Date.now() ? `, next try ${exact(dueAt)}` : '';
	const replayed = delivery.replay ? ' (replay)' : '';
	return element(
		'section',
		{},
		element('h3', {}, `${subscriberId}: `, element('span', { class: tone }, `${words}${due}${replayed}`)),
		attemptLog.length > 0 ? attemptTable(delivery) : element('p', { class: 'quiet' }, 'No attempt yet.'),
		button('Replay', () => act(subscriberId), {
			'aria-label': `Replay to ${subscriberId}`,
			disabled: state === 'pending',
		}),
	);
}

function attemptTable({ subscriberId, attemptLog }) {
	const cells = (tag, texts, properties = {}) =>
		element(
			'tr',
			{},
			texts.map((text) => element(tag, properties, text)),
		);
	const rows = attemptLog.map(({ number, startedAt, durationMs, status, reason, excerpt }) =>
		cells('td', [
			String(number),
			exact(startedAt),
			`${count(durationMs)} ms`,
			status === null ? '–' : String(status),
			reason,
			excerpt,
		]),
	);
	return element(
		'div',
		{ class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Attempts to ${subscriberId}` },
		element(
			'table',
			{},
			element('thead', {}, cells('th', ['Attempt', 'At', 'Took', 'Status', 'Outcome', 'Answer'], { scope: 'col' })),
			element('tbody', {}, rows),
		),
	);
}

/** What a replay of all would do, in words. */
export function describeFilter(filter, names) {
	const { search, account, field, subscriber } = filter;
	const parts = [
		account === undefined ? null : `of ${accountName(names, account)}`,
		field === undefined ? null : `of the field ${field}`,
		subscriber === undefined ? null : `to ${subscriber}`,
		search === undefined ? null : `with the text “${search}”`,
	].filter((part) => part !== null);
	return parts.length === 0 ? 'of all subscribers' : parts.join(', ');
}
