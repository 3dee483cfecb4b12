import { HOSTS, type Host, type InsightsClient, type Profile } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';

/** One look at an account: the parameters, and what is needed of the outside. */
export type Look = {
	readonly host: Host;
	readonly now: Date;
	/** The workflow's time zone, such as `Europe/Berlin`. */
	readonly timeZone: string;
	readonly client: InsightsClient;
	/** Ends the look in time to hand over what it has. */
	readonly signal: AbortSignal | undefined;
	/** Ends what comes after the look, such as reading the name of the account. */
	readonly lastSignal: AbortSignal | undefined;
	/** A parameter of the panel; `fallback` where the panel hides it. */
	parameter(name: string, fallback?: unknown): unknown;
	/** The Options collection. */
	readonly options: Readonly<Record<string, unknown>>;
	/** Tell those who run n8n. */
	warn(message: string): void;
};

/** What one look brought. */
export type Found<State> = {
	readonly rows: readonly IDataObject[];
	readonly state: State;
	/** The state holds something that must outlast a restart of n8n although there is nothing to tell. */
	readonly mustKeep?: boolean;
};

/** One entry of the Trigger On list: what the panel shows, and how it is noticed. */
export type PollEvent<State> = {
	readonly value: string;
	readonly name: string;
	readonly description: string;
	/** The parameters that only this event has. */
	readonly fields: readonly INodeProperties[];
	/** What is remembered between looks. */
	readonly state: z.ZodType<State>;
	/** The settings that make it another watch: when they change, it begins anew. Plain JSON. */
	subject(look: Look): unknown;
	/** The first look: remember what is there, tell nothing. Null: there is nothing to begin with yet. */
	begin(look: Look): Promise<State | null>;
	/** Every later look. */
	next(look: Look, state: State): Promise<Found<State>>;
	/** For the editor: the latest there is, whatever is remembered. */
	latest(look: Look): Promise<readonly IDataObject[]>;
	/** What to say when there is no latest. */
	readonly nothing: { readonly message: string; readonly description: string };
};

/** The present value of a profile field; the names of the account come along, so that nothing is asked for them later. */
export function readProfile({ client, host, signal }: Look, field: string): Promise<Profile> {
	const names = HOSTS[host].loginType === 'instagram' ? ['user_id', 'username'] : ['username'];
	return client.profile({ fields: [...names, field], signal });
}

/** Parameters that show for some of the events only. */
export function showFor(...events: readonly string[]): { event: string[] } {
	return { event: [...events] };
}

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
	 * One look. It changes memory only when it is settled, so that the next look repeats one that fails. Of several looks
	 * at a time only the first can be settled, so that nothing is reported twice.
	 *
	 * @param account who is watched: another one begins anew
	 */
	look(look: Look, memory: Memory, account: string): Promise<Looked>;
};

/** Result of one look. */
export type Looked = {
	readonly rows: readonly IDataObject[];
	/** Whether the rows are still news: an overtaken look must not report them again. Remembers them as reported. */
	settle(): boolean;
	readonly mustKeep: boolean;
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
			const next = { subject, state };
			// n8n saves what the first poll of a workflow notes. A beginning that comes later is lost in a restart.
			const isLateBeginning = known === null && before !== undefined && state !== null;
			return {
				rows,
				mustKeep: mustKeep || isLateBeginning,
				settle() {
					// A look that takes longer than until the next poll is overtaken: the other one has reported what was new.
					if (JSON.stringify(memory[MEMBER]) !== before) return false;
					// Writing what is there already would save the workflow after every look.
					if (JSON.stringify(next) !== before) memory[MEMBER] = next;
					return true;
				},
			};
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
