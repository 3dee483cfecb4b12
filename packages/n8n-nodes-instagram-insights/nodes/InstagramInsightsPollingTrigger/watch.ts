import { HOSTS, type Host, type InsightsClient, type Profile } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';

/** One look at an account: its parameters, and its access to the outside. */
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
	/** Write to n8n's log. */
	warn(message: string): void;
};

/** Result of one look at an event. */
export type Found<State> = {
	readonly rows: readonly IDataObject[];
	readonly state: State;
	/** The state must outlast a restart of n8n although there is nothing to report. */
	readonly mustKeep?: boolean;
};

/** One entry of the Trigger On list: what the panel shows, and how to detect it. */
export type PollEvent<State> = {
	readonly value: string;
	readonly name: string;
	readonly description: string;
	/** The parameters that only this event has. */
	readonly fields: readonly INodeProperties[];
	/** What is remembered between looks. */
	readonly state: z.ZodType<State>;
	/** The settings that identify a watch, as plain JSON. When they change, the watch begins again. */
	subject(look: Look): unknown;
	/** The first look: remember what is there, report nothing. Null: there is nothing to begin with yet. */
	begin(look: Look): Promise<State | null>;
	/** Every later look. */
	next(look: Look, state: State): Promise<Found<State>>;
	/** For the editor: the latest event, whatever is remembered. */
	latest(look: Look): Promise<readonly IDataObject[]>;
	/** The error when there is no latest event. */
	readonly nothing: { readonly message: string; readonly description: string };
};

/** The current value of a profile field. It asks for the account's names too, so that no later request is needed. */
export function readProfile({ client, host, signal }: Look, field: string): Promise<Profile> {
	const names = HOSTS[host].loginType === 'instagram' ? ['user_id', 'username'] : ['username'];
	return client.profile({ fields: [...names, field], signal });
}

/** Display options of parameters that belong to some events only. */
export function showFor(...events: readonly string[]): { event: string[] } {
	return { event: [...events] };
}

/** n8n's static data of the node. n8n saves changed members with the workflow. */
export type Memory = Record<string, unknown>;

/** An event together with its memory, whatever the type of its state. */
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
			// n8n saves the memory of the first poll of a workflow. A restart would lose a beginning that comes later.
			const isLateBeginning = known === null && before !== undefined && state !== null;
			return {
				rows,
				mustKeep: mustKeep || isLateBeginning,
				settle() {
					// The next poll overtook this look and has reported what was new.
					if (JSON.stringify(memory[MEMBER]) !== before) return false;
					// Writing an unchanged value would save the workflow after every look.
					if (JSON.stringify(next) !== before) memory[MEMBER] = next;
					return true;
				},
			};
		},
	};
}

/**
 * The stored value without n8n's additions: objects loaded from the database are observed and carry a hidden member, which
 * a record of ids would include.
 */
function plain(stored: string | undefined): unknown {
	return stored === undefined ? undefined : JSON.parse(stored);
}
