/** Which calls and requests give way first when there is too much to do: `low` before `normal` before `high`. */
export type Priority = 'low' | 'normal' | 'high';
