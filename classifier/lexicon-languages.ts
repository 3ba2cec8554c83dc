import type { Action } from './lexicon.ts';

/** A language's verbs by action, in the forms in which a description uses them. */
export interface LanguageVerbs {
  language: string;
  verbs: Readonly<Record<Action, string>>;
  /** Verbs that say little by themselves, such as "manage"; they stand for a change. */
  vague?: string;
}

/** Languages that put blanks between words. Forms that are also English words of another kind are left out. */
export const SPACED_LANGUAGES: readonly LanguageVerbs[] = [
  {
    language: 'es',
    verbs: {
      read: `obtener obtiene obtén obten listar lista~~ buscar busca consultar consulta~~ mostrar muestra leer lee verificar
        verifica validar valida calcular calcula analizar analiza recuperar recupera comparar compara descargar descarga
        devuelve devolver encontrar encuentra comprobar comprueba traducir traduce convertir convierte extraer extrae
        explorar explora resumir resume~~ estimar estima visualizar visualiza proporciona contar cuenta`,
      write: `crear crea añadir añade agregar agrega actualizar actualiza modificar modifica guardar guarda editar edita
        escribir escribe cambiar cambia subir enviar envía envia registrar registra asignar asigna publicar publica
        insertar inserta mover mueve copiar renombrar renombra configurar configura establecer establece archivar
        archiva activar activa desactivar desactiva programar programa~~ responder marcar`,
      execute: `ejecutar ejecuta iniciar inicia detener detiene lanzar lanza reiniciar reinicia desplegar despliega
        generar genera instalar instala abrir`,
      destructive: `eliminar elimina borrar borra cancelar cancela quitar quita vaciar revocar revoca desinstalar`,
      financial: 'pagar paga comprar vender transferir transfiere reembolsar reembolsa',
    },
    vague: 'gestionar gestiona administrar administra',
  },
  {
    language: 'pt',
    verbs: {
      read: `obter obtém obtem obtenha listar buscar busque consultar consulte mostrar ler retorna retornar verificar pesquisar
        pesquisa~~ analisar analisa recupera recuperar lê exibe exibir liste calcular calcula baixar converter converte
        extrair extrai traduzir`,
      write: `criar cria crie adicionar adiciona adicione atualizar atualiza atualize modificar salvar salva alterar altera
        enviar envia envie editar registrar inserir insere mover renomear definir configurar publicar agendar arquivar
        escrever`,
      execute: 'executar executa execute iniciar inicia parar reiniciar gerar gera instalar',
      destructive:
        'excluir exclui exclua remover deletar deleta apagar apaga cancelar cancela limpar revogar',
      financial: 'pagar comprar vender transferir estornar',
    },
    vague: 'gerenciar gerencia gerencie',
  },
  {
    language: 'fr',
    verbs: {
      read: `obtenir obtient récupérer récupère recuperer lister rechercher recherche~~ chercher afficher affiche lire lit
        vérifier vérifie consulter consulte calculer calcule analyser renvoie retourne renvoyer retourner trouver
        comparer convertir traduire résumer télécharger télécharge extraire extrait~~`,
      write: `créer crée ajouter ajoute modifier modifie enregistrer enregistre envoyer envoie publier publie définir définit
        mettre met~ éditer écrire écrit insérer insère déplacer déplace renommer renomme configurer archiver activer
        désactiver planifier programmer téléverser`,
      execute: `exécuter exécute lancer lance~~ démarrer démarre arrêter arrête redémarrer générer génère déployer déploie
        installer`,
      destructive:
        'supprimer supprime effacer efface retirer retire~ annuler annule vider révoquer révoque désinstaller',
      financial: 'payer acheter vendre rembourser transférer',
    },
    vague: 'gérer gère',
  },
  {
    language: 'de',
    verbs: {
      read: `abrufen ruft holen holt auflisten listet suchen sucht durchsucht anzeigen zeigt lesen liest prüfen prüft berechnen
        berechnet vergleicht gibt liefert abfragen fragt analysiert analysieren finden findet ermitteln ermittelt
        übersetzt herunterladen lädt validiert`,
      write: `erstellen erstellt anlegen legt hinzufügen fügt aktualisieren aktualisiert ändern ändert speichern speichert
        schreiben schreibt senden sendet setzen setzt hochladen bearbeiten bearbeitet verschieben verschiebt umbenennen
        kopieren veröffentlichen veröffentlicht aktivieren deaktivieren`,
      execute: 'ausführen führt starten startet stoppen stoppt neustarten generieren generiert steuert',
      destructive: 'löschen löscht entfernen entfernt stornieren storniert widerrufen',
      financial: 'bezahlen bezahlt kaufen kauft verkaufen überweisen überweist erstatten',
    },
    vague: 'verwalten verwaltet',
  },
  {
    language: 'it',
    verbs: {
      read: `ottenere ottiene ottieni elencare elenca cercare cerca mostrare leggere legge recuperare restituisce verifica
        calcola analizza`,
      write:
        'creare aggiungere aggiunge aggiungi aggiornare aggiorna modificare salvare inviare invia scrivere',
      execute: 'eseguire esegue esegui avviare avvia fermare',
      destructive: 'eliminare cancellare cancella rimuovere rimuove',
      financial: 'pagare acquistare vendere',
    },
    vague: 'gestire gestisce',
  },
  {
    language: 'ru',
    verbs: {
      read: `получить получает получение показать показывает найти поиск искать ищет прочитать читает возвращает
        проверить проверяет список вычисляет анализирует`,
      write: `создать создает создаёт создание добавить добавляет обновить обновляет обновление изменить изменяет
        сохранить сохраняет отправить отправляет записать установить устанавливает`,
      execute: 'выполнить выполняет запустить запускает остановить останавливает перезапустить',
      destructive: 'удалить удаляет удаление очистить очищает отменить отменяет',
      financial: 'оплатить купить продать перевести',
    },
    vague: 'управлять управляет управление',
  },
  {
    language: 'tr',
    verbs: {
      read: `getirir listeler döndürür arar gösterir okur alır sorgular hesaplar`,
      write: `oluşturur ekler günceller kaydeder gönderir ayarlar değiştirir yazar`,
      execute: 'çalıştırır başlatır durdurur',
      destructive: 'siler kaldırır temizler',
      financial: '',
    },
    vague: 'yönetir',
  },
];

/** Chinese puts the verb first, Japanese and Korean put it last; all are found without blanks. */
export const UNSPACED_VERBS: readonly LanguageVerbs[] = [
  {
    language: 'zh',
    verbs: {
      read: `获取 查询 搜索 查找 列出 读取 查看 检索 返回 分析 计算 检查 验证 显示 比较 解析 提取 识别 推荐 获得 统计 下载 抓取 翻译 转换
        取得 獲取 計算 查詢 搜尋 列表 测算 预测 浏览 了解 规划 导出 探索 估算 评估 校验 展示 诊断 总结 对比 检测 截图 截取 预览 收集
        汇总 推理 思考 判断 爬取 解释 匹配`,
      write: `创建 添加 更新 修改 保存 写入 上传 新增 设置~~ 编辑 发送 发布 记录~~ 提交 存储 插入 重命名 移动 复制 建立 新建 配置~~ 绑定 替换
        建立 儲存 設定 追加 收藏~~ 评论~~ 創建 归档 启用 禁用 导入 上架 下架 点赞 回复~ 预约~ 新增 标记~ 合并 更改 变更 登记~~ 注册~ 授权~~ 分享~
        新增 關閉 更新 修改 增加 同步 预订~ 订阅~`,
      execute: `执行 运行 启动 停止 重启 点击 输入~ 打开 控制 部署 触发 生成 调用 关闭 播放 安装 滑动 暂停 切换 執行 开启 启动 拖拽 按下
        连接~ 断开 编译 构建 测试运行 登录~ 导航~`,
      destructive: '删除 移除 清空 清除 取消 销毁 卸载 刪除 撤销 终止 注销 吊销 清理 撤回 丢弃',
      financial: '支付 转账 购买 下单 退款 充值 提现 出售 付款 购票 打款 扣款 汇款 提交订单',
    },
    vague: '管理 调用',
  },
  {
    language: 'ja',
    verbs: {
      read: `取得 検索 一覧 表示 読み 読込 確認 参照 分析 計算 調べ 検証 比較 返し 返す 抽出 変換 ダウンロード 一覧表示 解析 翻訳 要約 閲覧
        提供 推定 予測 探し`,
      write: `作成 更新 追加 保存 編集 変更 設定 送信 書き込 書込 登録 投稿 移動 アップロード コピー 挿入 記録 有効化 無効化 予約 公開
        割り当 置換 付与`,
      execute:
        '実行 起動 開始 停止 再起動 生成 操作 クリック デプロイ 読み上げ 再生 呼び出 インストール 入力',
      destructive: '削除 消去 破棄 キャンセル クリア 取消 取り消 アンインストール',
      financial: '支払 購入 送金 返金 決済 注文 振込 振り込 出金 入金',
    },
    vague: '管理 呼び出',
  },
  {
    language: 'ko',
    verbs: {
      read: '조회 검색 가져 목록 확인 읽 분석 계산 반환 찾 보여 추출 비교 변환 요약 번역 다운로드 표시 검증 제공 알려',
      write:
        '생성 추가 수정 저장 업데이트 변경 등록 작성 설정 전송 보내 보냅 업로드 이동 복사 편집 할당 예약 만듭 만들 게시 발송',
      execute: '실행 시작 중지 재시작 클릭 배포 제어 호출 설치 재생 입력',
      destructive: '삭제 제거 취소 해제 초기화 지웁 지우',
      financial: '결제 송금 구매 환불 이체 주문 출금 입금',
    },
    vague: '관리 호출',
  },
];
