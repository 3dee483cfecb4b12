// What the page shows of each subscriber, and what can be done with it.
import { api, attempt, say } from './api.js';
import { count, plural, time } from './format.js';
import { repeat } from './lit-html/directives/repeat.js';
import { html } from './lit-html/lit-html.js';
import { choices, facts } from './views.js';
import { ask, describeTest, openWorkflow, showSecret } from './workflow.js';

/** A subscriber's state, in a word and a colour. Why, and what to do, is at the top of the page. */
function stateOf(row, now) {
	if (!row.known) return ['removed', 'wait'];
	if (row.pause !== null) return ['paused', 'bad'];
	if (row.heldUntil > now) return ['on hold', 'wait'];
	const isUnreached = row.lastSuccessAt === null;
	if (row.consecutiveFailures > 0 || (isUnreached && row.lastFailureAt !== null)) return ['failing', 'bad'];
	return isUnreached ? ['nothing delivered yet', 'wait'] : ['healthy', 'good'];
}

const isEditable = (row) => row.known && !row.isInFile;
const path = ({ subscriberId }) => `subscribers/${encodeURIComponent(subscriberId)}`;

/**
 * Each button of a subscriber: its words, its label for a screen reader, when it is there, the question before it (title,
 * text, yes, an option), what it does (without `run`: a POST to its name) and what the page says afterwards.
 */
const ACTIONS = {
	pause: {
		words: 'Pause',
		label: (id) => `Pause ${id}`,
		when: (row) => row.known && row.pause === null,
		done: (_answer, id) => `Paused ${id}. Its deliveries wait.`,
	},
	resume: {
		words: 'Resume',
		label: (id) => `Resume ${id}`,
		when: (row) => row.known && row.pause !== null,
		done: (_answer, id) => `Resumed ${id}.`,
	},
	test: {
		words: 'Send test event',
		label: (id) => `Send a test event to ${id}`,
		when: (row) => row.settings?.mode === 'event',
		done: describeTest,
	},
	replay: {
		words: 'Replay dead deliveries…',
		label: (id) => `Replay dead deliveries of ${id}`,
		when: (row) => row.known && row.dead > 0,
	},
	edit: { words: 'Edit…', label: (id) => `Edit ${id}`, when: isEditable },
	secret: {
		words: 'New secret…',
		label: (id) => `Make a new secret for ${id}`,
		when: isEditable,
		ask: ({ subscriberId: id }) => [
			`Make a new secret for ${id}?`,
			'Deliveries are signed with both the new and the current secret, so nothing is lost until you have entered the new one.',
			'Make secret',
		],
		done: (_answer, id) => `Made a new secret for ${id}.`,
	},
	remove: {
		words: 'Remove…',
		label: (id) => `Remove ${id}`,
		when: isEditable,
		ask: ({ subscriberId: id, pending }) => [
			`Remove ${id}?`,
			'It will receive no more events.',
			'Remove',
			pending > 0 ? `Also drop its ${plural(pending, 'waiting delivery', 'waiting deliveries')}` : null,
		],
		run: (row, { checked }) => api(path(row), { waiting: checked ? 'drop' : 'keep' }, 'DELETE'),
		done: (_answer, id) => `Removed ${id}.`,
	},
	drop: {
		words: 'Drop…',
		label: (id) => `Drop what waits for ${id}`,
		when: (row) => !row.known,
		ask: ({ subscriberId: id, pending }) => [
			`Drop ${plural(pending, 'delivery', 'deliveries')} of ${id}?`,
			'They will not be delivered. The events stay stored until retention ends.',
			'Drop',
		],
		done: ({ dropped }) => `Dropped ${plural(dropped, 'delivery', 'deliveries')}.`,
	},
};

/** Do what a button says: ask, act, report, and look again. */
export async function actOnSubscriber(name, row, { refresh, overview }) {
	const { subscriberId: id } = row;
	if (name === 'replay') return replayAll({ subscriber: id, state: 'dead' }, `Dead deliveries of ${id}`, refresh);
	if (name === 'edit') return attempt(() => openWorkflow({ refresh, subscriber: row, overview }));
	const { ask: question, run = () => api(`${path(row)}/${name}`, {}), done } = ACTIONS[name];
	const answer = question === undefined ? {} : await ask(...question(row));
	if (answer === null) return;
	const result = await attempt(
		() => run(row, answer),
		(given) => done(given, id),
	);
	if (name === 'secret' && result !== null) showSecret({ title: `New secret for ${id}`, id, secret: result.secret });
	await refresh();
}

async function redirect(row, select, refresh) {
	const to = select.value;
	select.value = '';
	await attempt(
		() => api(`${path(row)}/redirect`, { to }),
		({ redirected, left }) =>
			`Sent ${count(redirected)} to ${to}.${left > 0 ? ` ${count(left)} stay, because ${to} does not want them.` : ''}`,
	);
	await refresh();
}

/** Count, ask with the number, replay. */
export async function replayAll(order, what, refresh) {
	const { matching, warning = '' } = (await attempt(() => api('replay', { ...order, dryRun: true }))) ?? {};
	if (matching === undefined) return;
	if (matching === 0) return say('Nothing to replay.');
	const title = `Replay ${plural(matching, 'delivery', 'deliveries')}?`;
	const text = `${what}. The workflow runs again for each of them. ${warning}`.trim();
	if ((await ask(title, text, `Replay ${count(matching)}`)) !== null) {
		await attempt(
			() => api('replay', order),
			({ replayed }) => `${plural(replayed, 'delivery waits', 'deliveries wait')} again.`,
		);
	}
	await refresh();
}

export const subscriberList = (overview, refresh) => {
	const { subscribers, now } = overview;
	const known = subscribers.filter((row) => row.known).map(({ subscriberId }) => subscriberId);
	return repeat(
		subscribers,
		({ subscriberId }) => subscriberId,
		(row) => {
			const { subscriberId: id } = row;
			const [words, tone] = stateOf(row, now);
			const buttons = Object.entries(ACTIONS).filter(([, { when }]) => when(row));
			return html`
				<li>
					<h3>${id}</h3>
					<p class="state ${tone}">${words}</p>
					${subscriberFacts(row, now)}
					<div class="actions">
						<select aria-label="Send what waits for ${id} to" ?hidden=${row.known || known.length === 0}
							@change=${({ target }) => redirect(row, target, refresh)}>
							<option value="">Send to…</option>
							${choices(known.map((other) => [other, other]))}
						</select>
						${repeat(
							buttons,
							([name]) => name,
							([name, { words, label }]) => html`
								<button type="button" class="secondary" aria-label=${label(id)}
									@click=${() => actOnSubscriber(name, row, { refresh, overview })}>${words}</button>`,
						)}
					</div>
				</li>`;
		},
	);
};

function subscriberFacts(row, now) {
	const { settings } = row;
	const all = (list) => (list === null ? 'all' : list.join(', '));
	const signed = settings?.secrets > 0 ? ', signed' : '';
	return facts([
		['Goes to', settings && `${settings.address} (${settings.mode}${signed})`],
		['Events', settings && all(settings.fields)],
		['Accounts', settings && all(settings.accounts)],
		['Waiting', row.leased > 0 ? `${count(row.pending)}, ${count(row.leased)} being sent` : count(row.pending)],
		['Oldest waiting', row.oldestPendingAt && time(row.oldestPendingAt, now)],
		['Next attempt', row.known && row.heldUntil > now ? time(row.heldUntil, now) : null],
		['Dead deliveries', row.dead === 0 ? null : count(row.dead)],
		['Last success', time(row.lastSuccessAt, now)],
		['Last failure', row.lastFailureAt && html`${time(row.lastFailureAt, now)}: ${row.lastFailureReason}`],
		['Settings', row.isInFile ? 'in the subscribers file; change them there' : null],
	]);
}
