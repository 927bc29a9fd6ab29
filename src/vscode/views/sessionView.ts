/** The id of the view Sessions, in a file of its own: the view's code is loaded later. */
export const SESSION_VIEW = 'holdfast.sessions';
