// Questions and the form of a workflow: add, edit, its secret, a test event.
import { api } from './api.js';
import { accountName } from './format.js';
import { html, nothing, render } from './lit-html/lit-html.js';

const part = (id) => document.getElementById(id);

/**
 * Ask before something that cannot be undone.
 *
 * @param option words of a checkbox; null: none
 * @returns whether the box is checked; null: no
 */
export function ask(title, text, yes, option = null) {
	const dialog = part('question');
	const [box, words] = part('question-option').children;
	part('question-title').textContent = title;
	part('question-text').textContent = text;
	part('question-yes').textContent = yes;
	part('question-option').hidden = option === null;
	words.textContent = option ?? '';
	box.checked = false;
	dialog.returnValue = '';
	dialog.showModal();
	return new Promise((resolve) => {
		dialog.onclose = () => resolve(dialog.returnValue === 'yes' ? { checked: box.checked } : null);
	});
}

/** The result of a test event in one line. */
export function describeTest({ delivered, status, reason, field, durationMs, answer, advice }) {
	if (delivered) return `A sample of ${field} arrived: status ${status} in ${durationMs} ms. ${answer}`.trim();
	const what = status === null ? `no answer (${reason})` : `status ${status} (${reason})`;
	return `The test event did not arrive: ${what}. ${advice}`;
}

/** @param rows value, title and help of each */
const checkboxes = (name, rows, chosen) =>
	rows.map(
		([value, title, help = '']) => html`
			<label class="choice">
				<input type="checkbox" name=${name} value=${value} .checked=${chosen.includes(value)}>
				<span>${title} ${help === '' ? nothing : html`<small class="quiet">${help}</small>`}</span>
			</label>`,
	);

/**
 * Open the form: for a new workflow, or with the settings of a subscriber that was added here.
 *
 * @param subscriber its row; null: a new one
 */
export async function openWorkflow({ refresh, subscriber, overview }) {
	const { rows } = await api('fields');
	const { fields, accounts, objects = ['instagram'], address, revision } = subscriber?.settings ?? {};
	const form = part('workflow-form');
	form.reset();
	const isNew = subscriber === null;
	showStep(isNew ? 'Add workflow' : `Edit ${subscriber.subscriberId}`, form);
	part('w-name').hidden = !isNew;
	part('w-id').required = part('w-url').required = isNew;
	part('w-url').placeholder = isNew ? 'https://n8n.example.com/webhook/…' : address;
	part('w-url-help').textContent = isNew
		? 'In n8n, open the Instagram Insights Trigger, set Mode to Via Relay, and copy the Production URL.'
		: 'Leave this empty to keep the current URL.';
	part('w-url-warning').textContent = part('workflow-problem').textContent = '';
	part('workflow-save').textContent = isNew ? 'Add workflow' : 'Save';
	const known = rows.filter(({ field, meaning }) => meaning !== null || fields?.includes(field));
	const others = (fields ?? []).filter((field) => !known.some((row) => row.field === field));
	const choosable = [
		...known.map((row) => [row.field, row.title, row.meaning ?? '']),
		...others.map((field) => [field, field]),
	];
	const ids = new Set([...overview.accounts.map((row) => row.accountId), ...(accounts ?? [])]);
	const choosableAccounts = [...ids].filter((id) => id !== '' && id !== '0');
	// Start with new checkboxes: the last form may have changed the old ones.
	render(nothing, part('w-fields'));
	render(checkboxes('field', choosable, fields ?? []), part('w-fields'));
	render(nothing, part('w-accounts'));
	const accountRows = choosableAccounts.map((id) => [id, accountName(overview.names, id)]);
	render(checkboxes('account', accountRows, accounts ?? []), part('w-accounts'));
	part('w-accounts-help').textContent =
		accountRows.length > 0
			? 'Leave all unchecked to get events of every account.'
			: 'Accounts appear here with their first event. Leave this empty to get events of every account.';
	part('w-url').oninput = () => {
		part('w-url-warning').textContent = /\/webhook-test\//.test(part('w-url').value)
			? 'This is the test URL, which listens only after a click on Execute step. Copy the Production URL.'
			: '';
	};
	part('workflow-cancel').onclick = () => part('workflow').close();
	form.onsubmit = async (event) => {
		event.preventDefault();
		part('workflow-save').disabled = true;
		try {
			const { id, ...settings } = readForm(form, objects);
			if (isNew) {
				const { added, secret } = await api('subscribers', { id, ...settings });
				showSecret({ title: `${added} is added`, id: added, secret });
			} else {
				const path = `subscribers/${encodeURIComponent(subscriber.subscriberId)}`;
				await api(path, { ...settings, revision }, 'PATCH');
				part('workflow').close();
			}
			await refresh();
		} catch (error) {
			part('workflow-problem').textContent = inWordsOfTheForm(error.message);
		} finally {
			part('workflow-save').disabled = false;
		}
	};
}

/** The admin API names settings; use the form's labels. */
function inWordsOfTheForm(problems) {
	return problems.replace(/^id:/, 'Name:').replace(/^url:/, 'Production URL:').replace('reload it', 'close this form');
}

/** The form as the admin API takes it. Nothing checked means all, as does a missing setting. */
function readForm(form, objects) {
	const data = new FormData(form);
	const more = data
		.get('more')
		.split(/[\s,]+/)
		.filter((id) => id !== '');
	const lists = {
		objects: objects.join() === 'instagram' ? [] : objects,
		fields: data.getAll('field'),
		accounts: [...data.getAll('account'), ...more],
	};
	const match = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
	const url = data.get('url').trim();
	// Turn "Comments to sheet" into a valid name.
	const id = data.get('id').trim().normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/g, '-');
	return { id, ...(url !== '' && { url }), match: Object.keys(match).length === 0 ? null : match };
}

/** Show a secret once, where it goes, and a test event. */
export function showSecret({ title, id, secret }) {
	showStep(title, part('workflow-secret'));
	const field = part('w-secret');
	field.value = secret;
	part('test-result').textContent = '';
	part('secret-copy').textContent = 'Copy';
	part('secret-copy').onclick = async () => {
		field.select();
		// Browsers offer the clipboard to pages on HTTPS and localhost only; the older way works everywhere.
		await (navigator.clipboard?.writeText(secret) ?? Promise.reject()).catch(() => document.execCommand('copy'));
		part('secret-copy').textContent = 'Copied';
	};
	part('secret-test').onclick = async () => {
		part('test-result').textContent = 'Sending …';
		part('test-result').textContent = await api(`subscribers/${encodeURIComponent(id)}/test`, {}).then(
			describeTest,
			(error) => `Failed: ${error.message}`,
		);
	};
	// Remove the secret from the page.
	part('workflow').onclose = () => {
		field.value = '';
	};
}

function showStep(title, step) {
	const dialog = part('workflow');
	part('workflow-title').textContent = title;
	for (const other of [part('workflow-form'), part('workflow-secret')]) other.hidden = other !== step;
	if (!dialog.open) dialog.showModal();
}
