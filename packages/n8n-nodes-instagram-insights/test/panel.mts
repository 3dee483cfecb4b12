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
 * choices is taken wherever they show.
 */
export function panelStates({ properties }: INodeTypeDescription): PanelState[] {
	const asked = new Set(
		allParameters(properties).flatMap(({ displayOptions }) =>
			[...Object.keys(displayOptions?.show ?? {}), ...Object.keys(displayOptions?.hide ?? {})].map((name) =>
				name.replace(/^\//, ''),
			),
		),
	);
	let states: PanelState[] = [{}];
	for (const property of properties) {
		if (!asked.has(property.name)) continue;
		states = states.flatMap((state) => {
			if (property.name in state || !shows(property, state)) return [state];
			const values = property.type === 'boolean' ? [true, false] : choicesOf(property).map(({ value }) => value);
			return values.map((value) => ({ ...state, [property.name]: value }));
		});
	}
	return states;
}

/** Parameters of all depths. */
export function allParameters(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [property, ...allParameters(membersOf(property))]);
}
