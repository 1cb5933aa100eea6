import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** Runs a part of a benchmark in a process of its own, as the command is run, and answers what it prints as JSON. */
export function apart<T>(part: string, input: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'bench/parts/start.mjs'), part, JSON.stringify(input)], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => { out += String(chunk) })
    child.stderr.on('data', (chunk: Buffer) => { err += String(chunk) })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code !== 0) { reject(new Error(`${part} ended with ${code}: ${err.slice(-2000)}`)); return }
      try { resolve(JSON.parse(out.slice(out.lastIndexOf('\n{') + 1)) as T) } catch { reject(new Error(`${part} answered ${out.slice(0, 500)}`)) }
    })
  })
}
