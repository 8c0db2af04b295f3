import { stringify } from 'yaml';

export const JOBS = ['facet-gateways', 'facet-services'] as const;
export type Job = (typeof JOBS)[number];

type Discovery = Readonly<Record<`${string}_configs`, readonly object[]>>;

interface ScrapeOptions {
  /** How the instances of a job are found. */
  readonly discovery: (job: Job) => Discovery;
  readonly rules?: readonly string[];
  /** How often metrics are read and rules are evaluated. Default `15s`. */
  readonly interval?: string;
}

/** Prometheus' configuration: the admin ports of gateways and services, and the rules. */
export function prometheusConfig({
  discovery,
  rules = ['rules/*.yml'],
  interval = '15s',
}: ScrapeOptions): string {
  return stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: rules,
    // A process says itself what it is called; a target's name is for what is known of it when it does not answer.
    scrape_configs: JOBS.map((job) => ({ job_name: job, honor_labels: true, ...discovery(job) })),
  });
}

/** Instances by a list in a file, which Prometheus reads again when it changes. */
export const byFile = (job: Job): Discovery => ({ file_sd_configs: [{ files: [targetsFile(job)] }] });

/** Instances by DNS: SRV records with the admin port of each, as a headless service of Kubernetes has them. */
export const byDns = (job: Job): Discovery => ({
  dns_sd_configs: [{ names: [`_admin._tcp.${job}`], type: 'SRV', refresh_interval: '15s' }],
});

export const targetsFile = (job: Job): string => `targets/${job.replace('facet-', '')}.json`;
