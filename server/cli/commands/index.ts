import type { AddCommand } from '../terminal.ts'
import { addBench } from './bench.ts'
import { addCoverage } from './coverage.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { addExport } from './export.ts'
import { addImport } from './import.ts'
import { addLint } from './lint.ts'
import { addRender } from './render.ts'
import { addScenario } from './scenario.ts'
import { addSecondFactor } from './second-factor.ts'
import { addServe } from './serve.ts'
import { addSetup } from './setup.ts'
import { addToken } from './token.ts'
import { addVerify } from './verify.ts'
import { addWorker } from './worker.ts'

/** Every command, in the order in which help lists them. */
export const COMMANDS: AddCommand[] = [addSetup, addServe, addWorker, addLint, addScenario, addCoverage, addImport, addExport, addRender, addVerify, addToken, addSecondFactor, addDemo, addDoctor, addBench]
