import { account } from './account/account.resource';
import { media } from './media/media.resource';
import { metric } from './metric/metric.resource';
import type { Resource } from './operation';
import { otherAccount } from './otherAccount/otherAccount.resource';
import { report } from './report/report.resource';
import { story } from './story/story.resource';

/** Everything the node can do, in the order of the panel. */
export const RESOURCES: readonly Resource[] = [account, metric, otherAccount, media, report, story];
