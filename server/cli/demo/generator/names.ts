import type { Random } from '#server/platform/random.ts'

/** `字 pinyin` pairs; only these characters occur in generated names. */
const table = (text: string): [string, string][] => text.trim().split(/\s+/).map((pair) => { const [c = '', p = ''] = pair.split('/'); return [c, p] })

const SURNAMES = table(`王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 赵/zhao 黄/huang 周/zhou 吴/wu 徐/xu 孙/sun 胡/hu 朱/zhu 高/gao 林/lin 何/he 郭/guo 马/ma 罗/luo
  梁/liang 宋/song 郑/zheng 谢/xie 韩/han 唐/tang 冯/feng 于/yu 董/dong 萧/xiao 程/cheng 曹/cao 袁/yuan 邓/deng 许/xu 傅/fu 沈/shen 曾/zeng 彭/peng 吕/lv`)
const COMPOUND = table('欧阳/ouyang 司马/sima 上官/shangguan 诸葛/zhuge 皇甫/huangfu')
const GIVEN = table(`伟/wei 芳/fang 娜/na 敏/min 静/jing 丽/li 强/qiang 磊/lei 军/jun 洋/yang 勇/yong 艳/yan 杰/jie 娟/juan 涛/tao 明/ming 超/chao 秀/xiu 霞/xia 平/ping
  刚/gang 桂/gui 英/ying 华/hua 文/wen 玉/yu 兰/lan 建/jian 国/guo 志/zhi 海/hai 晓/xiao 雪/xue 梅/mei 佳/jia 琪/qi 浩/hao 然/ran 子/zi 涵/han
  宇/yu 轩/xuan 思/si 雨/yu 欣/xin 怡/yi 梓/zi 晨/chen 嘉/jia 诚/cheng 龙/long 凤/feng 云/yun 飞/fei 天/tian 博/bo 睿/rui 昊/hao 彤/tong 璐/lu`)
/** outside the basic plane, and rare ones inside it: what old code pages and fonts stumble over */
const RARE = table('𠮷/ji 䶮/yan 㛃/jie 堃/kun 𬭚/chun 喆/zhe')
const DOTTED = table('阿/a 依/yi 努/nu 尔/er 买/mai 提/ti 古/gu 丽/li 迪/di 力/li 木/mu 拉/la')

const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(0, items.length)] as T

export interface PersonName { name: string; pinyin: string }

const join = (family: readonly [string, string][], given: readonly [string, string][], between = ''): PersonName => ({
  name: family.map(([c]) => c).join('') + between + given.map(([c]) => c).join(''),
  pinyin: `${family.map(([, p]) => p).join('')} ${given.map(([, p]) => p).join('')}`,
})

/**
 * A name of two to four characters with its pinyin. Every 40th has a middle dot, the first of every 250
 * a character outside the basic plane: files with few people have both too.
 */
export const makeName = (random: Random, index: number): PersonName => {
  const given = (count: number): [string, string][] => Array.from({ length: count }, () => pick(random, GIVEN))
  const dotted = (count: number): [string, string][] => Array.from({ length: count }, () => pick(random, DOTTED))
  if (index % 250 === 1) return join([pick(random, SURNAMES)], [RARE[Math.floor(index / 250) % RARE.length] as [string, string], ...given(1)])
  if (index % 40 === 2) return join(dotted(4), dotted(3), '·')
  if (index % 25 === 3) return join([pick(random, COMPOUND)], given(random.int(1, 3)))
  return join([pick(random, SURNAMES)], given(random.int(0, 5) === 0 ? 1 : 2))
}
