import type { INodeProperties } from 'n8n-workflow';
import { optionsParameter } from '../../panel/options';
import { rearmOption } from './threshold';

const shared = optionsParameter([rearmOption], { metrics: true });

/** The collection at the end of the panel. Unlisted metrics are of no use to the one event that reads no metric. */
export const pollingOptions: INodeProperties = {
	...shared,
	options: (shared.options ?? []).map((option) =>
		option.name === 'allowUnlisted'
			? { ...option, displayOptions: { hide: { '/event': ['followerMilestone'] } } }
			: option,
	),
};
