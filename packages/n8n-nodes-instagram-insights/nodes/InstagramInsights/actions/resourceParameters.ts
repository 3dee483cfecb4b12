import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from './operation';

/** The panel of all resources: the Resource list, the Operation list of each, and the parameters of each operation. */
export function resourceParameters(resources: readonly Resource[], preselected: string): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ value, name, description, builderHint }) => ({
				value,
				name,
				description,
				builderHint: { propertyHint: builderHint },
			})),
			default: preselected,
		},
		...resources.flatMap((resource) => [operationList(resource), ...operationFields(resource)]),
	];
}

function operationList({ value: resource, operations, preselected }: Resource): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ value, name, action, description, builderHint }) => ({
			value,
			name,
			action,
			description,
			builderHint: { propertyHint: builderHint },
		})),
		default: preselected,
	};
}

function operationFields({ value: resource, operations }: Resource): INodeProperties[] {
	return operations.flatMap(({ value: operation, fields }) =>
		fields.map((field) => shownFor(field, { resource, operation })),
	);
}

/**
 * Resource and operation stand first among the conditions. n8n reads them in order and takes a parameter as shown at the
 * first one that holds an expression: behind it, parameters of other operations would come up, with their defaults.
 */
function shownFor(field: INodeProperties, { resource, operation }: { resource: string; operation: string }) {
	const { show, ...others } = field.displayOptions ?? {};
	return { ...field, displayOptions: { show: { resource: [resource], operation: [operation], ...show }, ...others } };
}
