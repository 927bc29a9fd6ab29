/** By which the editor knows our models; as package.json has it. */
export const VENDOR = 'holdfast';
