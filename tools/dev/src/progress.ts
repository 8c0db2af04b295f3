import pc from 'picocolors';

export type Step = { readonly state: 'waiting' } | { readonly state: 'ready'; readonly detail: string };

/** Shows what is coming up: in place on a terminal, as plain lines elsewhere. */
export interface Progress {
  ready(name: string, detail: string): void;
  /** A line that stays, above what is still moving. */
  print(line: string): void;
  /** Nothing moves any more; safe to call again. */
  finish(): void;
}

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 100;

export function createProgress(
  names: readonly string[],
  output: NodeJS.WriteStream = process.stdout,
): Progress {
  const width = Math.max(...names.map(({ length }) => length));
  const fits = output.isTTY && output.rows > names.length + 2;
  return fits ? new LiveProgress(names, width, output) : plainProgress(width, output);
}

function plainProgress(width: number, output: NodeJS.WriteStream): Progress {
  const print = (line: string): void => void output.write(`${line}\n`);
  return {
    ready: (name, detail) => print(`${name.padEnd(width)}  ${detail}`),
    print,
    finish: () => undefined,
  };
}

class LiveProgress implements Progress {
  private readonly done = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;
  private frame = 0;
  private drawn = 0;

  constructor(
    private readonly names: readonly string[],
    private readonly width: number,
    private readonly output: NodeJS.WriteStream,
  ) {
    this.timer = setInterval(() => {
      this.frame++;
      this.draw();
    }, FRAME_MS);
    this.timer.unref();
    this.draw();
  }

  ready(name: string, detail: string): void {
    this.done.set(name, detail);
    this.draw();
  }

  print(line: string): void {
    this.erase();
    this.output.write(`${line}\n`);
    this.draw();
  }

  finish(): void {
    clearInterval(this.timer);
    // What is drawn stays on the screen; from here on lines simply follow.
    this.drawn = 0;
    this.draw = () => undefined;
  }

  private draw(): void {
    this.erase();
    this.output.write(this.names.map((name) => `${this.line(name)}\n`).join(''));
    this.drawn = this.names.length;
  }

  private line(name: string): string {
    const detail = this.done.get(name);
    const label = name.padEnd(this.width);
    if (detail !== undefined) return `${pc.green('✔')} ${label}  ${pc.dim(detail)}`;
    return `${pc.cyan(FRAMES[this.frame % FRAMES.length] ?? '')} ${label}`;
  }

  private erase(): void {
    if (this.drawn > 0) this.output.write(`\u001B[${this.drawn}A\u001B[0J`);
    this.drawn = 0;
  }
}
