/** What an audit comes to, in words that a reader of CI's log acts on. */
export interface Verdict {
  /** Also where nothing could be found out: that is said, and fails nothing. */
  readonly isFine: boolean;
  readonly line: string;
}

interface Audit {
  readonly auditReportVersion?: number;
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
}

/** What fails; what is milder is named only. */
const GRAVE = ['high', 'critical'];

/** Of what `npm audit --json` has answered; undefined where it did not in time. */
export function vulnerabilityVerdict(answer: string | undefined): Verdict {
  const audit = parse<Audit>(answer);
  if (audit?.auditReportVersion === undefined)
    return skipped('Known vulnerabilities', answer, audit?.message);
  const found = Object.entries(audit.vulnerabilities ?? {}).map(([name, { severity }]) => ({
    name,
    severity,
  }));
  const list = found.map(({ name, severity }) => `${name} (${severity})`).join(', ');
  if (found.length === 0) return { isFine: true, line: 'No known vulnerabilities in what is shipped.' };
  return {
    isFine: !found.some(({ severity }) => GRAVE.includes(severity)),
    line: `Known vulnerabilities: ${list}`,
  };
}

interface Signatures {
  readonly invalid?: readonly { readonly name: string; readonly version: string }[];
  readonly missing?: readonly unknown[];
  readonly error?: { readonly summary?: string };
}

/** Of what `npm audit signatures --json` has answered; undefined where it did not in time. */
export function signatureVerdict(answer: string | undefined): Verdict {
  const signatures = parse<Signatures>(answer);
  if (signatures?.invalid === undefined) return skipped('Signatures', answer, signatures?.error?.summary);
  const wrong = signatures.invalid.map(({ name, version }) => `${name}@${version}`);
  if (wrong.length === 0) return { isFine: true, line: "The registry's signatures are right." };
  return { isFine: false, line: `Signatures that are not the registry's: ${wrong.join(', ')}` };
}

function skipped(what: string, answer: string | undefined, reason?: string): Verdict {
  const why =
    answer === undefined
      ? 'the registry does not answer in time'
      : reason || 'the registry does not serve them';
  // An address may carry a credential.
  return { isFine: true, line: `${what}: skipped, ${why.replaceAll(/\bhttps?:\/\/\S+/g, '…')}` };
}

function parse<T>(answer = ''): T | undefined {
  try {
    return JSON.parse(answer) as T;
  } catch {
    return undefined;
  }
}
