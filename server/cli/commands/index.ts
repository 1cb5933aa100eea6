import type { AddCommand } from '../terminal.ts'
import { addCoverage } from './coverage.ts'
import { addDoctor } from './doctor.ts'
import { addLint } from './lint.ts'
import { addScenario } from './scenario.ts'

/** Every command, in the order in which help lists them. */
export const COMMANDS: AddCommand[] = [addLint, addScenario, addCoverage, addDoctor]
