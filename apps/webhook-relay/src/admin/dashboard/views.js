// What each part of the page shows of the admin API's rows. lit-html puts values in as text: a payload cannot become part of the page.
import { accountName, count, exact, indentJson, time } from './format.js';
import { repeat } from './lit-html/directives/repeat.js';
import { html, nothing, svg } from './lit-html/lit-html.js';

const STATES = { pending: ['waiting', 'wait'], delivered: ['delivered', 'good'], dead: ['dead', 'bad'] };

/** A list of terms and their descriptions; those without one are left out. */
export const facts = (pairs) => html`
	<dl class="facts">
		${pairs.filter(([, value]) => value !== null).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}
	</dl>`;

/** The choices of a select after its first one. What is chosen stays. */
export const choices = (pairs) =>
	repeat(
		pairs,
		([value]) => value,
		([value, text]) => html`<option value=${value}>${text}</option>`,
	);

export const totalTiles = ({ totals, now }) =>
	[
		['Events stored', count(totals.events)],
		['Waiting deliveries', count(totals.pending)],
		['Oldest waiting', totals.oldestPendingAt === null ? 'none' : time(totals.oldestPendingAt, now)],
		['Dead deliveries', count(totals.dead)],
		['Store', totals.bytes === null ? '–' : `${count(Math.round(totals.bytes / 1e5) / 10)} MB`],
	].map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`);

const SERIES = [
	['received', 'Received', 'accent'],
	['delivered', 'Delivered', 'good'],
	['failed', 'Failed attempts', 'bad'],
];
const BAR = { width: 8, gap: 2, height: 34 };
const clockTime = (ms) => new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Bars for each series, all on one scale. */
export function chart(title, { startedAt, stepMs, ...series }) {
	const most = Math.max(1, ...SERIES.flatMap(([name]) => series[name]));
	const sum = (name) => count(series[name].reduce((total, part) => total + part, 0));
	const bar = (tone) => (part, index) => {
		const height = part === 0 ? 1 : Math.max(3, (part / most) * BAR.height);
		const from = startedAt + index * stepMs;
		return svg`
			<rect class=${part === 0 ? 'quiet' : tone} x=${index * BAR.width} y=${BAR.height - height}
				width=${BAR.width - BAR.gap} height=${height}>
				<title>${clockTime(from)} to ${clockTime(from + stepMs)}: ${count(part)}</title>
			</rect>`;
	};
	const label = `${title}: ${SERIES.map(([name, words]) => `${words} ${sum(name)}`).join(', ')}`;
	return html`
		<figure class="box" role="img" aria-label=${label}>
			<figcaption>${title}</figcaption>
			<div class="chart-rows">
				${SERIES.map(
					([name, words, tone]) => html`
						<span class="quiet">${words}</span>
						<svg viewBox="0 0 ${series[name].length * BAR.width} ${BAR.height}" preserveAspectRatio="none" aria-hidden="true">
							${series[name].map(bar(tone))}
						</svg>
						<strong>${sum(name)}</strong>`,
				)}
			</div>
			<div class="chart-ends quiet"><span>${clockTime(startedAt)}</span><span>now</span></div>
		</figure>`;
}

const OFFERS = { paused: 'Resume', dead: 'Replay…', silent: 'Dismiss', standby: 'Dismiss' };

/** @param act `(concern)`: dismiss, resume or replay, by its kind */
export const concernList = ({ concerns, names, now }, act) =>
	repeat(
		concerns,
		({ kind, subject }) => `${kind} ${subject}`,
		(concern) => {
			const { kind, severity, subject, since, detail, advice } = concern;
			const isAccount = kind === 'silent' || kind === 'standby';
			const label = `${OFFERS[kind]?.replace('…', '')} ${isAccount ? 'the warning about ' : ''}${subject}`;
			return html`
				<li class="concern ${severity === 'failed' ? 'is-bad' : 'is-wait'}">
					<div class="words">
						<strong>${isAccount ? detail.replace(subject, accountName(names, subject)) : detail}</strong>
						${since === null ? nothing : html`<span class="quiet">${time(since, now)}</span>`}
						<p>${advice}</p>
					</div>
					${
						OFFERS[kind] === undefined
							? nothing
							: html`
								<button type="button" class="secondary" aria-label=${label} @click=${() => act(concern)}>
									${OFFERS[kind]}
								</button>`
					}
				</li>`;
		},
	);

/**
 * @param options.opened what is known of the events whose details are open, by event id
 * @param options.onToggle `(eventId, isOpen)`
 * @param options.replay `(eventId, subscriberId)`
 */
export const eventList = (rows, { names, now, opened, onToggle, replay }) =>
	repeat(
		rows,
		({ eventId }) => eventId,
		(row) => {
			const states = Object.entries(STATES).filter(([state]) => row[state] > 0);
			return html`
				<li>
					<details @toggle=${(event) => onToggle(row.eventId, event.target.open)}>
						<summary>
							<span class="field">${row.object === 'instagram' ? row.field : `${row.object}.${row.field}`}</span>
							${row.sample ? html`<span class="sample">sample</span>` : nothing}
							<span class="words">${row.summary}</span>
							<span class="account quiet">${row.sample ? '' : accountName(names, row.accountId)}</span>
							<span class="quiet">${time(row.receivedAt, now)}</span>
							<span class="states">
								${states.map(
									([state, [words, tone]]) =>
										html`<span class="state ${tone}">${row[state] === 1 ? words : `${count(row[state])} ${words}`}</span>`,
								)}
								${states.length > 0 ? nothing : html`<span class="quiet">no subscriber for it</span>`}
							</span>
						</summary>
						${
							opened.has(row.eventId)
								? eventDetail(opened.get(row.eventId), names, (subscriberId) => replay(row.eventId, subscriberId))
								: nothing
						}
					</details>
				</li>`;
		},
	);

function eventDetail({ event, deliveries }, names, replay) {
	const { accountId, occurredAt, receivedAt, secretName, eventId, sample, valueText } = event;
	return html`
		${facts([
			['Account', names[accountId] === undefined ? accountId || 'none' : `@${names[accountId]} (${accountId})`],
			['Occurred', exact(occurredAt)],
			['Received', exact(receivedAt)],
			['Signed with', `app secret "${secretName}"`],
			['Event ID', eventId],
			['Sample', sample ? "sent by the Test button of Meta's App Dashboard" : null],
		])}
		<pre tabindex="0" aria-label="Payload">${indentJson(valueText)}</pre>
		${deliveries.map((delivery) => deliveryView(delivery, replay))}`;
}

function deliveryView({ subscriberId, state, dueAt, replay: isReplay, attemptLog }, replay) {
	const [words, tone] = STATES[state];
	const due = state === 'pending' && dueAt > Date.now() ? `, next attempt ${exact(dueAt)}` : '';
	return html`
		<section>
			<h3>${subscriberId}: <span class=${tone}>${words}${due}${isReplay ? ' (replay)' : ''}</span></h3>
			${attemptLog.length > 0 ? attemptTable(subscriberId, attemptLog) : html`<p class="quiet">No attempt yet.</p>`}
			<button type="button" class="secondary" aria-label="Replay to ${subscriberId}"
				?disabled=${state === 'pending'} @click=${() => replay(subscriberId)}>Replay</button>
		</section>`;
}

const attemptTable = (subscriberId, attempts) => html`
	<div class="scroll" tabindex="0" role="region" aria-label="Attempts to ${subscriberId}">
		<table>
			<thead>
				<tr>${['Attempt', 'At', 'Took', 'Status', 'Result', 'Answer'].map((text) => html`<th scope="col">${text}</th>`)}</tr>
			</thead>
			<tbody>
				${attempts.map(
					({ number, startedAt, durationMs, status, reason, excerpt }) => html`
						<tr>
							<td>${number}</td><td>${exact(startedAt)}</td><td>${count(durationMs)} ms</td>
							<td>${status ?? '–'}</td><td>${reason}</td><td>${excerpt}</td>
						</tr>`,
				)}
			</tbody>
		</table>
	</div>`;
