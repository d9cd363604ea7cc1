import { explain } from '../lint/explain.ts'
import type { Finding } from '../lint/finding.ts'
import type { DigestReport, Thread } from './report.ts'

/** A finding as others may rely on it, with what it says. */
export interface ReportedFinding extends Omit<Finding, 'values'> {
  explanation: string
}

/** What `clarion import digest --json` prints: these fields and no others. */
export function reported({ threads, findings }: DigestReport, language: string): { threads: (Omit<Thread, 'findings'> & { findings: ReportedFinding[] })[], findings: ReportedFinding[] } {
  const said = (all: Finding[]) => all.map((finding): ReportedFinding => ({ rule: finding.rule, severity: finding.severity, explanation: explain(finding, language), where: finding.where, text: finding.text, fixes: finding.fixes }))
  return {
    threads: threads.map(({ title, kind, labels, date, paragraphs, links, findings: own }) => ({ title, kind, labels, date, paragraphs, links, findings: said(own) })),
    findings: said(findings),
  }
}
