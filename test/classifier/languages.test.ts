import { expect, test } from 'vitest';
import { classify, said } from './tools.ts';

type Kind = 'Read' | 'Write' | 'Execute' | 'Destructive' | 'Financial';

const TEXTS: [language: string, description: string, kind: Kind][] = [
  ['Chinese', '获取用户的订单列表', 'Read'],
  ['Chinese', '根据关键词搜索笔记并批量获取内容和评论', 'Read'],
  ['Chinese', '返回文档的标题、更新时间和创建时间', 'Read'],
  ['Chinese', '列出已删除的文件', 'Read'],
  ['Chinese', '检查配置文件，不修改文件', 'Read'],
  ['Chinese', '生成销售报告', 'Read'],
  ['Chinese', '更新配置文件', 'Write'],
  ['Chinese', '查询或更新用户资料', 'Write'],
  ['Chinese', '根据文字生成图片', 'Execute'],
  ['Chinese', '重启服务器', 'Execute'],
  ['Chinese', '管理云存储文件，支持上传文件、下载文件、删除文件', 'Destructive'],
  ['Chinese', '给商家转账', 'Financial'],
  ['Japanese', '指定したメールの本文を取得します', 'Read'],
  ['Japanese', 'ファイルを確認します。内容は削除しません。', 'Read'],
  ['Japanese', '新しい課題を作成します', 'Write'],
  ['Japanese', 'ユーザーを検索し、結果を一覧で表示します', 'Read'],
  ['Japanese', '予定を追加し、一覧を表示します', 'Write'],
  ['Japanese', '予定の作成・削除', 'Destructive'],
  ['Japanese', 'テキストを音声で読み上げる', 'Execute'],
  ['Japanese', '取引先へ送金します', 'Financial'],
  ['Korean', '현재 로그인 상태를 확인합니다.', 'Read'],
  ['Korean', '검색 기록을 조회합니다', 'Read'],
  ['Korean', '새 폴더를 생성합니다.', 'Write'],
  ['Korean', '문서를 생성하고 목록을 반환합니다.', 'Write'],
  ['Korean', '서버를 재시작합니다.', 'Execute'],
  ['Korean', '사용자를 추가, 삭제합니다.', 'Destructive'],
  ['Korean', '계좌로 송금합니다.', 'Financial'],
  ['Spanish', 'Obtener la lista de clientes', 'Read'],
  ['Spanish', 'Permite crear una tarea nueva', 'Write'],
  ['Spanish', 'Crear, actualizar o eliminar un cliente', 'Destructive'],
  ['Spanish', 'Ejecuta un comando en el servidor', 'Execute'],
  ['Spanish', 'Reembolsa un pago', 'Financial'],
  ['Portuguese', 'Listar os clientes cadastrados', 'Read'],
  ['Portuguese', 'Atualiza um cliente', 'Write'],
  ['Portuguese', 'Exclui um cliente', 'Destructive'],
  ['Portuguese', 'Executa um script', 'Execute'],
  ['German', 'Zeigt die offenen Rechnungen', 'Read'],
  ['German', 'Speichert eine Notiz', 'Write'],
  ['German', 'Erstellt oder löscht einen Eintrag', 'Destructive'],
  ['German', 'Startet den Server', 'Execute'],
  ['French', 'Récupère la liste des clients', 'Read'],
  ['French', 'Ajoute un client', 'Write'],
  ['French', 'Modifie ou supprime un client', 'Destructive'],
  ['French', 'Exécute une commande', 'Execute'],
  ['Italian', 'Elimina un cliente', 'Destructive'],
  ['Russian', 'Удаляет файл', 'Destructive'],
  ['Russian', 'Получить список файлов', 'Read'],
];

test.each(TEXTS)('%s: %s → %s', (_, description, kind) => {
  const { category, destructive, financial } = said('x1', description);
  expect(financial ? 'Financial' : destructive ? 'Destructive' : category).toBe(kind);
});

test.each(['Frobniziert das Ding', '対象をもにょる', '弄好它'])(
  'an unknown verb is never a Read: %s',
  (description) => {
    expect(said('x1', description)).toMatchObject({ category: 'Execute', confidence: 'low' });
  },
);

test('the quote of a foreign verb is found in the text', () => {
  const tool = classify({ name: 'x1', description: '查询或删除用户' });
  expect(tool.evidence.map(({ pointer }) => pointer)).toContain('/description');
  expect('查询或删除用户').toContain(tool.evidence[0].quote);
});
