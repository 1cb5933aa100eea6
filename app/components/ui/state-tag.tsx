const TONES: Record<string, string> = {
  green: 'ok', success: 'ok', red: 'bad', error: 'bad', volcano: 'bad', orange: 'warn', gold: 'warn', yellow: 'warn', warning: 'warn', amber: 'warn',
  blue: 'info', cyan: 'info', geekblue: 'info', processing: 'info', purple: 'violet', magenta: 'violet',
}

/** A state: its word always, its colour as an addition. */
export function StateTag({ label, colour }: { label: string; colour?: string }) {
  return <span className={`state ${TONES[colour ?? ''] ?? 'plain'}`}><i aria-hidden />{label}</span>
}
