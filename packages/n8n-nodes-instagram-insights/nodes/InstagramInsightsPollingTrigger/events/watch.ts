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
	 * repeated by the next one, and only by the first of several looks at a time, so that nothing is reported twice.
	 *
	 * @param account who is watched: another one begins anew
	 */
	look(look: Look, memory: Memory, account: string): Promise<{ rows: readonly IDataObject[]; mustKeep: boolean }>;
};

const MEMBER = 'watch';

export function watch<State>(event: PollEvent<State>): Watch {
	const remembered = z.object({ subject: z.string(), state: event.state.nullable() });
	const begin = async (look: Look) => ({ rows: [], state: await event.begin(look), mustKeep: false });
	return {
		value: event.value,
		name: event.name,
		description: event.description,
		fields: event.fields,
		nothing: event.nothing,
		latest: (look) => event.latest(look),
		async look(look, memory, account) {
			const subject = JSON.stringify([event.value, account, event.subject(look)]);
			const before = JSON.stringify(memory[MEMBER]);
			const read = remembered.safeParse(plain(before));
			const known = read.success && read.data.subject === subject ? read.data.state : null;
			const { rows, state, mustKeep = false } = known === null ? await begin(look) : await event.next(look, known);
			// A look that takes longer than until the next poll is overtaken: the other one has reported what was new.
			if (JSON.stringify(memory[MEMBER]) !== before) return { rows: [], mustKeep: false };
			const next = { subject, state };
			// Writing what is there already would save the workflow after every look.
			if (JSON.stringify(next) !== before) memory[MEMBER] = next;
			// n8n saves what the first poll of a workflow notes. A beginning that comes later is lost in a restart.
			const isLateBeginning = known === null && before !== undefined && state !== null;
			return { rows, mustKeep: mustKeep || isLateBeginning };
		},
	};
}

/**
 * What is stored, without what n8n adds: objects loaded from the database are watched, and carry a hidden member that a
 * record of ids would be read with.
 */
function plain(stored: string | undefined): unknown {
	return stored === undefined ? undefined : JSON.parse(stored);
}
