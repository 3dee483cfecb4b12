import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { Look, PollEvent } from './pollEvent';

/** Where n8n keeps what a node remembers; changed members are written with the workflow. */
export type Memory = Record<string, unknown>;

/** An event with its way of remembering, whatever that remembers. */
export type Watch = {
	readonly value: string;
	readonly name: string;
	readonly description: string;
	readonly fields: readonly INodeProperties[];
	readonly nothing: { readonly message: string; readonly description: string };
	latest(look: Look): Promise<readonly IDataObject[]>;
	/**
	 * One look. Memory is changed only after everything of the look went well, so that a look that fails is simply
	 * repeated by the next one.
	 *
	 * @param account who is watched: another one begins anew
	 */
	look(look: Look, memory: Memory, account: string): Promise<{ rows: readonly IDataObject[]; mustKeep: boolean }>;
};

const MEMBER = 'watch';

export function watch<State>(event: PollEvent<State>): Watch {
	const remembered = z.object({ subject: z.string(), state: event.state.nullable() });
	return {
		value: event.value,
		name: event.name,
		description: event.description,
		fields: event.fields,
		nothing: event.nothing,
		latest: (look) => event.latest(look),
		async look(look, memory, account) {
			const subject = JSON.stringify([event.value, account, event.subject(look)]);
			const read = remembered.safeParse(plain(memory[MEMBER]));
			const write = (state: State | null) => {
				const next = { subject, state };
				// Writing what is there already would save the workflow after every look.
				if (JSON.stringify(memory[MEMBER]) !== JSON.stringify(next)) memory[MEMBER] = next;
			};
			const known = read.success && read.data.subject === subject ? read.data.state : null;
			if (known === null) {
				// n8n saves what the first poll of a workflow notes. A beginning that comes later is lost in a restart.
				const isFirst = memory[MEMBER] === undefined;
				const state = await event.begin(look);
				write(state);
				return { rows: [], mustKeep: !isFirst && state !== null };
			}
			const { rows, state, mustKeep = false } = await event.next(look, known);
			write(state);
			return { rows, mustKeep };
		},
	};
}

/**
 * What is stored, without what n8n adds: objects loaded from the database are watched, and carry a hidden member that a
 * record of ids would be read with.
 */
function plain(stored: unknown): unknown {
	return stored === undefined ? undefined : JSON.parse(JSON.stringify(stored));
}
