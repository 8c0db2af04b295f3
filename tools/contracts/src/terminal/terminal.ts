import { workspaceRoot } from '@facet/dev';

/** Where a command runs. */
export interface Terminal {
  /** The workspace. */
  readonly root: string;
  /** Characters in a line. */
  readonly width: number;
  readonly isColoured: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** This process' own; without colour where it is no terminal, or where `NO_COLOR` is set. */
export function terminal(): Terminal {
  const { columns = 100, isTTY } = process.stdout;
  return {
    root: workspaceRoot,
    width: columns,
    isColoured: isTTY && process.env['NO_COLOR'] === undefined,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  };
}
