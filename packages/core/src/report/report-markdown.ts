import type { Block, Section } from './report-sections.ts';

/** The sections for chat: lists instead of tables, which chat programs do not show. */
export function writeMarkdown(title: string, subtitle: string, sections: readonly Section[]): string {
	const parts = sections.map(({ title: head, blocks }) =>
		[`## ${escaped(head)}`, ...blocks.map(writeBlock)].join('\n'),
	);
	return `${[`# ${escaped(title)}\n${escaped(subtitle)}`, ...parts].join('\n\n')}\n`;
}

function writeBlock(block: Block): string {
	switch (block.kind) {
		case 'text':
			return escaped(block.text);
		case 'list':
			return block.items.map((item) => `- ${escaped(item)}`).join('\n');
		case 'bars':
			return `- ${escaped(block.summary)}`;
		case 'posts':
			return block.posts
				.map(({ title, link, facts }, index) => {
					const head = link === null ? escaped(title) : `[${escaped(title)}](${link})`;
					return `${index + 1}. ${head} – ${facts.map(escaped).join(' · ')}`;
				})
				.join('\n');
		case 'table':
			return block.rows
				.map(([first, ...rest]) => {
					const facts = rest.map(({ text }, index) =>
						`${escaped(block.columns[index + 1] ?? '')} ${escaped(text)}`.trim(),
					);
					return `- **${escaped(first?.text ?? '')}**: ${facts.join(' · ')}`;
				})
				.join('\n');
		default:
			return block satisfies never;
	}
}

/** Text as itself: what would begin a link, emphasis, code or a mention in a chat program is escaped. */
function escaped(text: string): string {
	return text.replace(/[\r\n\t ]+/g, ' ').replace(/[\\`*_[\]<>~|]/g, '\\$&');
}
