import type { Action } from './lexicon.ts';

/** A language's verbs by action, in the forms in which a description uses them. */
export interface LanguageVerbs {
  language: string;
  verbs: Readonly<Record<Action, string>>;
}

/** Languages that put blanks between words. Forms that are also English words of another kind are left out. */
export const SPACED_LANGUAGES: readonly LanguageVerbs[] = [
  {
    language: 'es',
    verbs: {
      read: `obtener obtiene obtén obten listar lista~~ buscar busca consultar consulta~~ mostrar muestra leer lee verificar
        verifica validar calcular calcula analizar analiza recuperar recupera comparar descargar devuelve`,
      write: `crear crea añadir añade agregar agrega actualizar actualiza modificar modifica guardar guarda editar edita
        escribir escribe cambiar cambia subir enviar envía envia registrar registra asignar asigna publicar`,
      execute:
        'ejecutar ejecuta iniciar inicia detener detiene lanzar reiniciar reinicia desplegar generar genera',
      destructive: 'eliminar elimina borrar borra cancelar cancela quitar',
      financial: 'pagar paga comprar vender transferir reembolsar',
    },
  },
  {
    language: 'pt',
    verbs: {
      read: `obter obtém obtem obtenha listar buscar busque consultar consulte mostrar ler retorna retornar verificar pesquisar
        pesquisa~~ analisar analisa recupera lê exibe`,
      write: `criar cria crie adicionar adiciona adicione atualizar atualiza atualize modificar salvar salva alterar altera
        enviar envia envie editar registrar inserir`,
      execute: 'executar executa execute iniciar inicia parar reiniciar gerar gera',
      destructive: 'excluir exclui exclua remover deletar deleta apagar apaga cancelar cancela',
      financial: 'pagar comprar vender transferir estornar',
    },
  },
  {
    language: 'fr',
    verbs: {
      read: `obtenir obtient récupérer récupère recuperer lister rechercher recherche~~ chercher afficher affiche lire lit
        vérifier vérifie consulter calculer calcule analyser renvoie retourne`,
      write: `créer crée ajouter ajoute modifier modifie enregistrer enregistre envoyer envoie publier définir mettre
        télécharger éditer`,
      execute:
        'exécuter exécute lancer lance~~ démarrer démarre arrêter arrête redémarrer générer génère déployer',
      destructive: 'supprimer supprime effacer efface retirer annuler annule',
      financial: 'payer acheter vendre rembourser',
    },
  },
  {
    language: 'de',
    verbs: {
      read: `abrufen ruft holen holt auflisten listet suchen sucht durchsucht anzeigen zeigt lesen liest prüfen prüft berechnen
        berechnet vergleicht gibt liefert abfragen analysiert`,
      write: `erstellen erstellt anlegen legt hinzufügen fügt aktualisieren aktualisiert ändern ändert speichern speichert
        schreiben schreibt senden sendet setzen setzt hochladen bearbeiten`,
      execute: 'ausführen führt starten startet stoppen stoppt neustarten generieren generiert steuert',
      destructive: 'löschen löscht entfernen entfernt stornieren storniert',
      financial: 'bezahlen bezahlt kaufen kauft verkaufen überweisen überweist erstatten',
    },
  },
];

/** Chinese puts the verb first, Japanese and Korean put it last; all are found without blanks. */
export const UNSPACED_VERBS: readonly LanguageVerbs[] = [
  {
    language: 'zh',
    verbs: {
      read: `获取 查询 搜索 查找 列出 读取 查看 检索 返回 分析 计算 检查 验证 显示 比较 解析 提取 识别 推荐 获得 统计 下载 抓取 翻译 转换
        取得 獲取 計算 查詢 搜尋 列表 测算 预测 浏览 了解 规划 导出 探索 估算 评估 校验`,
      write: `创建 添加 更新 修改 保存 写入 上传 新增 设置 编辑 发送 发布 记录 提交 存储 插入 重命名 移动 复制 建立 新建 配置 绑定 替换
        建立 儲存 設定 追加 收藏 评论 創建 归档`,
      execute:
        '执行 运行 启动 停止 重启 点击 输入 打开 控制 部署 触发 生成 调用 关闭 播放 安装 模拟点击 滑动 暂停 切换 執行 开启',
      destructive: '删除 移除 清空 清除 取消 销毁 卸载 刪除 撤销 终止 注销',
      financial: '支付 转账 购买 下单 退款 充值 提现 出售',
    },
  },
  {
    language: 'ja',
    verbs: {
      read: '取得 検索 一覧 表示 読み 確認 参照 分析 計算 調べ 検証 比較',
      write: '作成 更新 追加 保存 編集 変更 設定 送信 書き込 登録 投稿 移動',
      execute: '実行 起動 開始 停止 再起動 生成 操作 クリック',
      destructive: '削除 消去 破棄 キャンセル',
      financial: '支払 購入 送金 返金',
    },
  },
  {
    language: 'ko',
    verbs: {
      read: '조회 검색 가져 목록 확인 읽 분석 계산 반환 찾 보여 추출 비교',
      write: '생성 추가 수정 저장 업데이트 변경 등록 작성 설정 전송 보내 업로드 이동',
      execute: '실행 시작 중지 재시작 클릭 배포 제어',
      destructive: '삭제 제거 취소 해제',
      financial: '결제 송금 구매 환불 이체',
    },
  },
];
