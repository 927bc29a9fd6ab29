import { testExits } from './support/exits.ts';

testExits('2.1.197');
