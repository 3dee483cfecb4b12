import { type INodeProperties, updateDisplayOptions } from 'n8n-workflow';
import type { Resource } from './operation';

/** The panel of all resources: the Resource list, the Operation list of each, and the parameters of each operation. */
export function resourceParameters(resources: readonly Resource[], preselected: string): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ value, name, description }) => ({ value, name, description })),
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
		options: operations.map(({ value, name, action, description }) => ({ value, name, action, description })),
		default: preselected,
	};
}

function operationFields({ value: resource, operations }: Resource): INodeProperties[] {
	return operations.flatMap(({ value: operation, fields }) =>
		updateDisplayOptions({ show: { resource: [resource], operation: [operation] } }, [...fields]),
	);
}
