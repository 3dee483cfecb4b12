import { accountThreshold } from './accountThreshold.event';
import { followerMilestone } from './followerMilestone.event';
import { mediaThreshold } from './mediaThreshold.event';
import { newMedia } from './newMedia.event';
import { storyExpiring } from './storyExpiring.event';
import { type Watch, watch } from './watch';

/** The Trigger On list, by name. */
export const WATCHES: readonly Watch[] = [
	watch(accountThreshold),
	watch(followerMilestone),
	watch(mediaThreshold),
	watch(newMedia),
	watch(storyExpiring),
];

export const PRESELECTED = newMedia.value;
