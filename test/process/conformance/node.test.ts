import { describeKeeper } from './conformance.ts';
import { nodeVariant } from './variant.ts';

describeKeeper(nodeVariant());
