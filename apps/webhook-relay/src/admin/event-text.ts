import { z } from 'zod/v4';

const text = z.string().nullish().catch(null);
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).nullish().catch(null);
/** The readable parts of a value; parts of another form are ignored. */
const valueSchema = z.object({
	text,
	from: part({ id: text, username: text }),
	media_id: text,
	comment_id: text,
	message: part({
		text,
		is_echo: z.boolean().nullish().catch(null),
		is_deleted: z.boolean().nullish().catch(null),
		attachments: z
			.array(part({ type: text }))
			.nullish()
			.catch(null),
	}),
	message_edit: part({ text }),
	reaction: part({ action: text, emoji: text, reaction: text }),
	postback: part({ title: text }),
	read: part({}),
});

export type EventText = {
	/** one line, such as `@ana.souza: "Lindo!"`; empty when the value has no text */
	readonly summary: string;
	/** the author, if the value names one */
	readonly author: { readonly id: string; readonly username: string } | null;
};

const MAX_LETTERS = 200;
const NOTHING: EventText = { summary: '', author: null };

/**
 * What an event says, in one line.
 *
 * @param value JSON text as Meta sent it, or the beginning of a long one
 */
export function eventText(field: string, value: string): EventText {
	const { data } = valueSchema.safeParse(parseOrNull(value));
	if (data === undefined) return cutValue(value);
	const { id, username } = data.from ?? {};
	const author = username ? { id: id ?? '', username } : null;
	const words = wordsOf(field, data);
	return {
		summary: [author === null ? '' : `@${author.username}`, words].filter((said) => said !== '').join(': '),
		author,
	};
}

function wordsOf(field: string, value: z.infer<typeof valueSchema>): string {
	const { message, reaction } = value;
	if (message?.is_deleted) return 'message deleted';
	const said = value.text ?? message?.text ?? value.message_edit?.text ?? value.postback?.title ?? '';
	if (said !== '') return `${message?.is_echo ? 'sent ' : ''}“${shorten(said)}”`;
	const types = message?.attachments?.flatMap((attachment) => attachment?.type ?? []) ?? [];
	if (types.length > 0) return shorten(types.join(', '));
	if (reaction) {
		if (reaction.action === 'unreact') return 'removed a reaction';
		return `reacted ${shorten(reaction.emoji ?? reaction.reaction ?? '')}`.trim();
	}
	if (value.read) return 'message seen';
	if (field === 'mentions') return value.comment_id ? 'mentioned in a comment' : 'mentioned in a caption';
	if (field === 'story_insights' && value.media_id) return `insights of story ${shorten(value.media_id)}`;
	return '';
}

function shorten(words: string): string {
	const line = words.replace(/\s+/g, ' ').trim();
	const letters = [...line];
	return letters.length > MAX_LETTERS ? `${letters.slice(0, MAX_LETTERS - 1).join('')}…` : line;
}

function parseOrNull(value: string): unknown {
	try {
		return JSON.parse(value);
	} catch {
		return null;
	}
}

/** A value that was cut off still shows the first text in it. */
function cutValue(value: string): EventText {
	const [, found] = /"text"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(value) ?? [];
	const said = found === undefined ? null : parseOrNull(found);
	return typeof said === 'string' && said !== '' ? { summary: `“${shorten(said)}”`, author: null } : NOTHING;
}

/** Whether an event contains this text, ignoring case and Meta's escapes (`\u00e9`, `\/`, `\"`). */
export function hasText(value: string, wanted: string): boolean {
	return folded(unescaped(value)).includes(folded(wanted));
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unescaped(json: string): string {
	if (!json.includes('\\')) return json;
	return json.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_all, hex?: string, letter = '') =>
		hex === undefined ? (CONTROLS[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
	);
}

function folded(words: string): string {
	return words.normalize('NFC').toLowerCase();
}
