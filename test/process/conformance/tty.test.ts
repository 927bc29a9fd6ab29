import { describeKeeper } from './conformance.ts';
import { terminalVariant } from './variant.ts';

describeKeeper(terminalVariant());
