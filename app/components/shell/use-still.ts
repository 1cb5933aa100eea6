import { useState } from 'react'

const asked = (): boolean => typeof window !== 'undefined' && window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** Whether the person has asked the system for less motion, as the page began: to switch later would draw all of it anew. */
export const useStill = (): boolean => useState(asked)[0]
