import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';

/** The choices of a list, without the suboptions of collections. */
export function choicesOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
	return options.filter((option): option is INodePropertyOptions => 'value' in option);
}

/** The parameters inside a collection. */
export function membersOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options.filter((option): option is INodeProperties => 'type' in option);
	if (type === 'fixedCollection') {
		return options.flatMap((option) => ('values' in option ? (option as INodePropertyCollection).values : []));
	}
	return [];
}

export type PanelState = Readonly<Record<string, unknown>>;

/** Whether a parameter shows when the others stand so. Only `show` and `hide` with plain values are known. */
export function shows({ displayOptions }: INodeProperties, state: PanelState): boolean {
	const matches = ([name, values]: [string, unknown]) => (values as unknown[]).includes(state[name.replace(/^\//, '')]);
	const show = Object.entries(displayOptions?.show ?? {});
	const hide = Object.entries(displayOptions?.hide ?? {});
	return show.every(matches) && !hide.some(matches);
}

/**
 * Every state the panel can be in, as far as parameters that other parameters depend on are concerned: each of their
 * choices is taken wherever they show. Of lists for several choices one choice is taken at a time, and one stands for
 * all that nothing depends on.
 */
export function panelStates({ properties }: INodeTypeDescription): PanelState[] {
	const asked = new Map<string, unknown[]>();
	for (const { displayOptions } of allParameters(properties)) {
		for (const [path, values] of [displayOptions?.show, displayOptions?.hide].flatMap((one) =>
			Object.entries(one ?? {}),
		)) {
			const name = path.replace(/^\//, '');
			asked.set(name, [...(asked.get(name) ?? []), ...(values as unknown[])]);
		}
	}
	let states: PanelState[] = [...new Set(asked.get('@tool') ?? [false])].map((isTool) => ({ '@tool': isTool }));
	for (const property of properties) {
		if (!asked.has(property.name)) continue;
		states = states.flatMap((state) => {
			if (property.name in state || !shows(property, state)) return [state];
			const values = valuesOf(property, asked.get(property.name) ?? []);
			return values.map((value) => ({ ...state, [property.name]: value }));
		});
	}
	return states;
}

function valuesOf(property: INodeProperties, named: readonly unknown[]): unknown[] {
	if (property.type === 'boolean') return [true, false];
	const values = choicesOf(property).map(({ value }) => value);
	if (property.type !== 'multiOptions') return values;
	const other = values.find((value) => !named.includes(value));
	return [...values.filter((value) => named.includes(value)), ...(other === undefined ? [] : [other])];
}

/** Parameters of all depths. */
export function allParameters(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [property, ...allParameters(membersOf(property))]);
}
