import { describeKeeper } from './conformance.ts';
import { shellVariant } from './variant.ts';

describeKeeper(shellVariant('bash', 'bash'));
