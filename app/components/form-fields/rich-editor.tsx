import { BoldOutlined, ItalicOutlined, OrderedListOutlined, RedoOutlined, UnderlineOutlined, UndoOutlined, UnorderedListOutlined } from '@ant-design/icons'
import type { WidgetProps } from '@rjsf/utils'
import { EditorContent, useEditor, type Editor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { Button } from 'antd'
import { useEffect, type ReactNode } from 'react'
import { useNonce } from '#app/nonce.ts'
import type { TextKey } from '#app/text/translate.ts'
import { useText } from '#app/text/use-text.ts'
import type { FieldContext } from '../form/form-context.ts'
import { useBuffered } from './use-buffered.ts'

interface Tool { key: TextKey; icon: ReactNode; mark?: string; run: (editor: Editor) => void }
const TOOLS: Tool[] = [
  { key: 'rich.bold', icon: <BoldOutlined />, mark: 'bold', run: (editor) => editor.chain().focus().toggleBold().run() },
  { key: 'rich.italic', icon: <ItalicOutlined />, mark: 'italic', run: (editor) => editor.chain().focus().toggleItalic().run() },
  { key: 'rich.underline', icon: <UnderlineOutlined />, mark: 'underline', run: (editor) => editor.chain().focus().toggleUnderline().run() },
  { key: 'rich.heading', icon: <b>H</b>, mark: 'heading', run: (editor) => editor.chain().focus().toggleHeading({ level: 3 }).run() },
  { key: 'rich.list', icon: <UnorderedListOutlined />, mark: 'bulletList', run: (editor) => editor.chain().focus().toggleBulletList().run() },
  { key: 'rich.ordered', icon: <OrderedListOutlined />, mark: 'orderedList', run: (editor) => editor.chain().focus().toggleOrderedList().run() },
  { key: 'rich.quote', icon: <b>“</b>, mark: 'blockquote', run: (editor) => editor.chain().focus().toggleBlockquote().run() },
  { key: 'rich.undo', icon: <UndoOutlined />, run: (editor) => editor.chain().focus().undo().run() },
  { key: 'rich.redo', icon: <RedoOutlined />, run: (editor) => editor.chain().focus().redo().run() },
]

export default function RichEditor(props: WidgetProps) {
  const t = useText()
  const nonce = useNonce()
  const value = typeof props.value === 'string' ? props.value : ''
  const off = Boolean(props.disabled || props.readonly)
  const { text, type, leave } = useBuffered(value, (html) => props.onChange(html === '<p></p>' || html === '' ? undefined : html), props.registry.formContext as FieldContext)
  const editor = useEditor({
    extensions: [StarterKit.configure({ link: { openOnClick: false } })],
    content: value,
    editable: !off,
    immediatelyRender: false,
    shouldRerenderOnTransaction: true,
    editorProps: { attributes: { id: props.id, role: 'textbox', 'aria-multiline': 'true', 'aria-label': props.label, class: 'rich-body' } },
    ...(nonce && { injectNonce: nonce }),
    onUpdate: ({ editor: changed }) => type(changed.getHTML()),
    onBlur: leave,
  })
  useEffect(() => {
    if (editor && !editor.isFocused && text === value && editor.getHTML() !== value) editor.commands.setContent(value, { emitUpdate: false })
  }, [editor, text, value])
  if (!editor) return null
  return (
    <div className={`rich${props.rawErrors?.length ? ' wrong' : ''}${off ? ' off' : ''}`}>
      {off ? null : (
        <div className="rich-tools" role="toolbar" aria-label={props.label}>
          {TOOLS.map((tool) => <Button key={tool.key} type="text" size="small" title={t(tool.key)} aria-label={t(tool.key)} aria-pressed={tool.mark ? editor.isActive(tool.mark) : undefined} className={tool.mark && editor.isActive(tool.mark) ? 'on' : ''} icon={tool.icon} onClick={() => tool.run(editor)} />)}
        </div>
      )}
      <EditorContent editor={editor} />
    </div>
  )
}
