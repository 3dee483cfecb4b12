import { LOGINS, type LoginType } from '../src/catalog/host.ts';
import { SOURCES } from '../src/catalog/source.ts';
import {
	EVENT_IDENTITIES,
	type FieldDelivery,
	WEBHOOK_FIELDS,
	type WebhookFieldRow,
} from '../src/catalog/webhook-field.ts';
import { markdownTable } from './platform-sections.ts';

const ROWS = Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS);
const logins = Object.keys(LOGINS) as LoginType[];

/** The whole of `docs/webhook-fields.md`, from the table of `src/catalog` alone. */
export function webhookFieldsPage(): string {
	return `${[intro(), fields(), repetitions(), samples(), sources()].join('\n\n')}\n`;
}

function intro(): string {
	return `# Instagram webhook fields

<!-- Generated from packages/core/src/catalog. Do not edit: npm run tool -- node packages/core/scripts/generate-metrics-doc.ts -->

What Meta sends for the object \`instagram\`, and with which login. A field that is not in this table is received and delivered
like any other: Meta adds fields without notice.

* **yes**: Meta's pages offer it.
* **with Messenger**: Meta's pages offer it to apps that have the product Messenger.
* **name accepted**: Meta accepts the name in a subscription; no page says what it sends.
* **with another field**: subscribe to that one. Meta refuses the field's own name, or sends nothing for it.
* **no**: Meta's pages say so, or Meta refuses the name.
* **?**: no source says.`;
}

function fields(): string {
	const heads = ['Field', 'When it comes', ...logins.map((login) => LOGINS[login].shortTitle), 'Seen since', 'Sources'];
	const rows = ROWS.map(([name, row]) => [
		code(name),
		row.meaning ?? 'Not documented.',
		...logins.map((login) => delivery(row.logins[login])),
		row.since,
		row.sources.join(', '),
	]);
	return `## Fields\n\n${markdownTable(heads, rows)}`;
}

const DELIVERIES: Readonly<Record<Extract<FieldDelivery, string>, string>> = {
	documented: 'yes',
	messenger: 'with Messenger',
	accepted: 'name accepted',
	none: 'no',
	unknown: '?',
};

function delivery(way: FieldDelivery): string {
	return typeof way === 'string' ? DELIVERIES[way] : `with ${code(way.with)}`;
}

function repetitions(): string {
	const rows = Object.entries(EVENT_IDENTITIES).map(([identity, words]) => [
		ROWS.filter(([, row]) => row.identity === identity)
			.map(([name]) => code(name))
			.join(', '),
		words,
	]);
	return `## How a repetition is known

Meta sends an event again until it is sure that it arrived. Two events of one object, account and field are the same when what
is named here is the same. What Meta's *Test* button sends (account \`0\`) is never a repetition.

${markdownTable(['Fields', 'Distinguished by'], rows)}`;
}

function samples(): string {
	const rows = ROWS.flatMap(([name, { sample }]) =>
		sample === null ? [] : [[code(name), code(JSON.stringify(sample))]],
	);
	return `## Samples

The \`value\` of each, as Meta writes it, with invented ids.

${markdownTable(['Field', 'Value'], rows)}`;
}

function sources(): string {
	const used = new Set<string>(ROWS.flatMap(([, row]) => row.sources));
	const rows = Object.entries(SOURCES)
		.filter(([id]) => used.has(id))
		.map(([id, { title, url, readOn }]) => [id, url === undefined ? title : `[${title}](${url})`, readOn]);
	return `## Sources\n\n${markdownTable(['Source', 'What it is', 'Read on'], rows)}`;
}

function code(text: string): string {
	return `\`${text}\``;
}
