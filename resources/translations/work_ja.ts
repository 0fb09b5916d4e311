<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;Delete</source>
            <translation>削除(&amp;D)</translation>
        </message>
        <message>
            <source>Ne&amp;w campaign</source>
            <translation>新しいキャンペーン(&amp;W)</translation>
        </message>
        <message>
            <source>Send l&amp;ater…</source>
            <translation>あとで送る(&amp;A)…</translation>
        </message>
        <message>
            <source>&amp;Send…</source>
            <translation>送信(&amp;S)…</translation>
        </message>
    </context>
    <context>
        <name>CanaryChoice</name>
        <message>
            <source>Send to a &amp;few people first</source>
            <translation>先に一部の方へ送って、様子を見る(&amp;F)</translation>
        </message>
        <message>
            <source> min</source>
            <translation> 分</translation>
        </message>
        <message>
            <source>Minutes until the rest follows</source>
            <translation>残りを送るまでの分数</translation>
        </message>
        <message>
            <source>the rest follows after</source>
            <translation>残りを送るまで</translation>
        </message>
        <message>
            <source>One in a hundred of each carrier, at least 50. If many are unknown there, the rest waits for you.</source>
            <translation>どの携帯会社からも 100 人に 1 人ずつ(全部で 50 人以上)へ先に送ります。宛先不明などが多いときは、残りを送らずにお知らせします。</translation>
        </message>
    </context>
    <context>
        <name>CarrierChoice</name>
        <message>
            <source>all carriers</source>
            <translation>すべて</translation>
        </message>
        <message>
            <source>, </source>
            <translation>、</translation>
        </message>
    </context>
    <context>
        <name>ElsewhereField</name>
        <message>
            <source> mails today</source>
            <translation> 通(今日)</translation>
        </message>
        <message>
            <source>Mails that other programs sent today</source>
            <translation>今日ほかのソフトから送った通数</translation>
        </message>
        <message>
            <source>Count them</source>
            <translation>数に入れる</translation>
        </message>
        <message>
            <source>Today {n} went out by this program.</source>
            <translation>このソフトからは、今日 {n} 通送りました。</translation>
        </message>
        <message>
            <source>Today {n} went out by this program. {left} more may go now.</source>
            <translation>このソフトからは、今日 {n} 通送りました。いま送れるのは、あと {left} 通です。</translation>
        </message>
    </context>
    <context>
        <name>LaneEnds</name>
        <message>
            <source>Elsewhere: {limit}</source>
            <translation>そのほか: {limit}</translation>
        </message>
        <message>
            <source>Nobody can tell yet when everybody is through.</source>
            <translation>送り終わる時刻は、まだ分かりません。</translation>
        </message>
        <message>
            <source>Through about {time}; {lane} comes last ({limit}).</source>
            <translation>{time} ごろに送り終わる見込みです。最後は {lane} です({limit})。</translation>
        </message>
        <message>
            <source>Through about {time} ({limit}).</source>
            <translation>{time} ごろに送り終わる見込みです({limit})。</translation>
        </message>
        <message>
            <source>Others</source>
            <translation>その他</translation>
        </message>
        <message>
            <source>{lane}: {n} people, through about {time}</source>
            <translation>{lane}:{n} 人、{time} ごろまで</translation>
        </message>
    </context>
    <context>
        <name>CheckPanel</name>
        <message>
            <source>Before sending</source>
            <translation>送信前の確認</translation>
        </message>
        <message>
            <source>A mail to yourself</source>
            <translation>自分に試しに送る</translation>
        </message>
        <message>
            <source>Your own address</source>
            <translation>自分のアドレス</translation>
        </message>
        <message>
            <source>Send a tes&amp;t</source>
            <translation>試し送り(&amp;T)</translation>
        </message>
        <message>
            <source>Choose a list.</source>
            <translation>リストを選んでください。</translation>
        </message>
        <message>
            <source>{n} people</source>
            <translation>{n} 人</translation>
        </message>
        <message>
            <source>{n} held: no record of consent</source>
            <translation>同意の記録がない {n} 人は保留</translation>
        </message>
        <message>
            <source>{n} suppressed</source>
            <translation>送らない人 {n} 人を除外</translation>
        </message>
        <message>
            <source>Mend</source>
            <translation>直す</translation>
        </message>
        <message>
            <source>Mind</source>
            <translation>注意</translation>
        </message>
        <message>
            <source>Good</source>
            <translation>よい</translation>
        </message>
        <message>
            <source>See the people</source>
            <translation>該当する人を見る</translation>
        </message>
        <message>
            <source>Open the setting</source>
            <translation>設定を開く</translation>
        </message>
        <message>
            <source>Open the template</source>
            <translation>テンプレートを開く</translation>
        </message>
    </context>
    <context>
        <name>Chosen</name>
        <message>
            <source>&amp;Selected people</source>
            <translation>選んだ人を(&amp;S)</translation>
        </message>
        <message>
            <source>Put into a &amp;list</source>
            <translation>リストに入れる(&amp;L)</translation>
        </message>
        <message>
            <source>Take out of &amp;this list</source>
            <translation>このリストから外す(&amp;T)</translation>
        </message>
        <message>
            <source>Send &amp;no mail</source>
            <translation>メールを送らない(&amp;N)</translation>
        </message>
        <message>
            <source>&amp;Delete</source>
            <translation>削除(&amp;D)</translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) put into “{name}”.</source>
            <translation>
                <numerusform>%n 人を「{name}」に入れました。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) taken out of the list.</source>
            <translation>
                <numerusform>%n 人をリストから外しました。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) get no mail from now on.</source>
            <translation>
                <numerusform>これから %n 人にはメールを送りません。</numerusform>
            </translation>
        </message>
        <message>
            <source>None of those selected gets mail as it is.</source>
            <translation>選んだ人は、全員すでに「送らない人」に入っています。</translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) deleted.</source>
            <translation>
                <numerusform>%n 人を削除しました。</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ColumnTable</name>
        <message>
            <source>The first rows</source>
            <translation>先頭の行</translation>
        </message>
        <message>
            <source>What {column} is</source>
            <translation>「{column}」の列は何か</translation>
        </message>
        <message>
            <source>(leave out)</source>
            <translation>(取り込まない)</translation>
        </message>
        <message>
            <source>own field “{name}”</source>
            <translation>独自の項目「{name}」</translation>
        </message>
    </context>
    <context>
        <name>ContactDialog</name>
        <message>
            <source>Edit person</source>
            <translation>連絡先の編集</translation>
        </message>
        <message>
            <source>New person</source>
            <translation>新しい連絡先</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>保存(&amp;S)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
    </context>
    <context>
        <name>ContactModel</name>
        <message>
            <source>no consent on record</source>
            <translation>同意の記録なし</translation>
        </message>
        <message>
            <source>agreed {day}</source>
            <translation>同意 {day}</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>氏名</translation>
        </message>
        <message>
            <source>Mail address</source>
            <translation>メールアドレス</translation>
        </message>
        <message>
            <source>Carrier</source>
            <translation>キャリア</translation>
        </message>
        <message>
            <source>Prefecture</source>
            <translation>地域</translation>
        </message>
        <message>
            <source>Consent</source>
            <translation>同意</translation>
        </message>
    </context>
    <context>
        <name>Controls</name>
        <message>
            <source>for example: the shop's account</source>
            <translation>例: 本店のアカウント</translation>
        </message>
        <message>
            <source>Encrypted by STARTTLS (usual)</source>
            <translation>STARTTLS で暗号化(一般的)</translation>
        </message>
        <message>
            <source>Encrypted from the start (TLS)</source>
            <translation>最初から暗号化(TLS)</translation>
        </message>
        <message>
            <source>Not encrypted</source>
            <translation>暗号化しない</translation>
        </message>
        <message>
            <source>kept safely; leave empty to keep it</source>
            <translation>保管してあります。変えないなら空のままで</translation>
        </message>
        <message>
            <source>no limit</source>
            <translation>制限なし</translation>
        </message>
        <message>
            <source> messages a day</source>
            <translation> 通/日</translation>
        </message>
        <message>
            <source> messages an hour</source>
            <translation> 通/時</translation>
        </message>
        <message>
            <source> messages a second</source>
            <translation> 通/秒</translation>
        </message>
        <message>
            <source>by itself</source>
            <translation>自動</translation>
        </message>
        <message>
            <source>Only to servers that &amp;keep it encrypted (REQUIRETLS)</source>
            <translation>暗号化を最後まで保つ相手にだけ送る(REQUIRETLS)(&amp;K)</translation>
        </message>
        <message>
            <source>this computer's own name</source>
            <translation>このパソコンの名前</translation>
        </message>
        <message>
            <source>chosen by the system</source>
            <translation>自動で選ぶ</translation>
        </message>
        <message>
            <source>none: the campaign pauses then</source>
            <translation>なし(キャンペーンは一時停止)</translation>
        </message>
    </context>
    <context>
        <name>DnsDialog</name>
        <message>
            <source>Signature (DKIM) of {domain}</source>
            <translation>{domain} の署名(DKIM)</translation>
        </message>
        <message>
            <source>DNS records</source>
            <translation>DNS レコード</translation>
        </message>
        <message>
            <source>Give these lines to whoever looks after your domain. Once they are published, receivers can see that the mail is really yours. The keys stay on this computer.</source>
            <translation>この内容を、ドメインの管理者に渡してください。DNS に載ると、受け取る側が本物のメールだと確かめられます。鍵はこのパソコンの外に出ません。</translation>
        </message>
        <message>
            <source>&amp;Copy</source>
            <translation>コピー(&amp;C)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>閉じる</translation>
        </message>
        <message>
            <source>Copied.</source>
            <translation>コピーしました。</translation>
        </message>
    </context>
    <context>
        <name>DraftForm</name>
        <message>
            <source>Only you see it</source>
            <translation>相手には見えません</translation>
        </message>
        <message>
            <source>Lists</source>
            <translation>リスト</translation>
        </message>
        <message>
            <source>Template</source>
            <translation>テンプレート</translation>
        </message>
        <message>
            <source>the template's subject</source>
            <translation>テンプレートの件名のまま</translation>
        </message>
        <message>
            <source>Sender</source>
            <translation>差出人</translation>
        </message>
        <message>
            <source>Mail server</source>
            <translation>メールサーバー</translation>
        </message>
        <message>
            <source>Import a list first…</source>
            <translation>まず名簿を取り込む…</translation>
        </message>
        <message>
            <source>Make a template first…</source>
            <translation>まずテンプレートを作る…</translation>
        </message>
        <message>
            <source>Add a sender…</source>
            <translation>差出人を追加…</translation>
        </message>
        <message>
            <source>Add a mail server…</source>
            <translation>メールサーバーを追加…</translation>
        </message>
        <message>
            <source>&amp;Name</source>
            <translation>名前(&amp;N)</translation>
        </message>
        <message>
            <source>1. To whom</source>
            <translation>1. だれに</translation>
        </message>
        <message>
            <source>&amp;Lists</source>
            <translation>リスト(&amp;L)</translation>
        </message>
        <message>
            <source>2. What</source>
            <translation>2. なにを</translation>
        </message>
        <message>
            <source>Te&amp;mplate</source>
            <translation>テンプレート(&amp;M)</translation>
        </message>
        <message>
            <source>Sub&amp;ject</source>
            <translation>件名(&amp;J)</translation>
        </message>
        <message>
            <source>3. From whom, and how</source>
            <translation>3. だれから、どうやって</translation>
        </message>
        <message>
            <source>Sende&amp;r</source>
            <translation>差出人(&amp;R)</translation>
        </message>
        <message>
            <source>Mail ser&amp;ver</source>
            <translation>メールサーバー(&amp;V)</translation>
        </message>
        <message>
            <source>{name} ({n} people)</source>
            <translation>{name}({n} 人)</translation>
        </message>
        <message>
            <source>Practice (reaches nobody)</source>
            <translation>練習(だれにも届きません)</translation>
        </message>
        <message>
            <source>4. To be on the safe side</source>
            <translation>4. 念のため</translation>
        </message>
    </context>
    <context>
        <name>Drafting</name>
        <message>
            <source>Choose a list, a template and a sender.</source>
            <translation>リスト、テンプレート、差出人を選んでください。</translation>
        </message>
        <message>
            <source>This campaign, or something it is made of, was changed in another window. Look it over again before you send it.</source>
            <translation>このキャンペーンか、そのテンプレート、差出人、リストなどが、別のウィンドウで変更されました。送る前にもう一度ご確認ください。</translation>
        </message>
        <message>
            <source>This campaign was deleted in another window while it was changed here.</source>
            <translation>ここで変更している間に、このキャンペーンは別のウィンドウで削除されました。</translation>
        </message>
        <message>
            <source>This campaign was changed in another window while it was changed here.</source>
            <translation>ここで変更している間に、このキャンペーンは別のウィンドウでも変更されました。</translation>
        </message>
        <message>
            <source>Keep what stands here</source>
            <translation>ここの内容を残す</translation>
        </message>
        <message>
            <source>Take the other one</source>
            <translation>もう一方に合わせる</translation>
        </message>
    </context>
    <context>
        <name>Elsewhere</name>
        <message>
            <source>“{name}” was deleted or renamed elsewhere while it was changed here.</source>
            <translation>ここで変更している間に、「{name}」は別のウィンドウかコマンドで、削除されたか、名前が変更されました。</translation>
        </message>
        <message>
            <source>“{name}” was changed elsewhere while it was changed here.</source>
            <translation>ここで変更している間に、「{name}」は別のウィンドウかコマンドでも変更されました。</translation>
        </message>
        <message>
            <source>Keep what stands here</source>
            <translation>ここの内容を残す</translation>
        </message>
        <message>
            <source>Take the other one</source>
            <translation>もう一方に合わせる</translation>
        </message>
    </context>
    <context>
        <name>Editing</name>
        <message>
            <source>{address} gets no mail from now on.</source>
            <translation>これから {address} にはメールを送りません。</translation>
        </message>
    </context>
    <context>
        <name>Editor</name>
        <message>
            <source>HTML source</source>
            <translation>HTML ソース</translation>
        </message>
        <message>
            <source>Plain text</source>
            <translation>テキスト</translation>
        </message>
        <message>
            <source>Left empty, the text is made from the HTML.</source>
            <translation>空のままにすると、HTML から自動で作ります。</translation>
        </message>
        <message>
            <source>&amp;HTML</source>
            <translation>&amp;HTML</translation>
        </message>
        <message>
            <source>&amp;Text</source>
            <translation>テキスト(&amp;T)</translation>
        </message>
        <message>
            <source>&amp;Name</source>
            <translation>名前(&amp;N)</translation>
        </message>
        <message>
            <source>Sub&amp;ject</source>
            <translation>件名(&amp;J)</translation>
        </message>
        <message>
            <source>Insert &amp;field</source>
            <translation>差し込み(&amp;F)</translation>
        </message>
        <message>
            <source>Put something of each person into the mail, such as the name</source>
            <translation>氏名など、相手ごとに変わる項目を本文に入れます</translation>
        </message>
        <message>
            <source>&amp;Attach…</source>
            <translation>添付(&amp;A)…</translation>
        </message>
        <message>
            <source>Attach files</source>
            <translation>添付するファイル</translation>
        </message>
        <message>
            <source>Remove the attachment {name}</source>
            <translation>添付 {name} を外す</translation>
        </message>
    </context>
    <context>
        <name>Fields</name>
        <message>
            <source>column {n}</source>
            <translation>{n} 列目</translation>
        </message>
        <message>
            <source>Mail address</source>
            <translation>メールアドレス</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>氏名</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>フリガナ</translation>
        </message>
        <message>
            <source>Honorific</source>
            <translation>敬称</translation>
        </message>
        <message>
            <source>Company</source>
            <translation>会社名</translation>
        </message>
        <message>
            <source>Department</source>
            <translation>部署</translation>
        </message>
        <message>
            <source>Telephone</source>
            <translation>電話番号</translation>
        </message>
        <message>
            <source>Postcode</source>
            <translation>郵便番号</translation>
        </message>
        <message>
            <source>Prefecture</source>
            <translation>都道府県</translation>
        </message>
        <message>
            <source>Postal address</source>
            <translation>住所</translation>
        </message>
        <message>
            <source>Birthday</source>
            <translation>誕生日</translation>
        </message>
        <message>
            <source>Notes</source>
            <translation>備考</translation>
        </message>
        <message>
            <source>Consent: when</source>
            <translation>同意した日</translation>
        </message>
        <message>
            <source>Consent: how</source>
            <translation>同意の方法</translation>
        </message>
        <message>
            <source>Consent: where from</source>
            <translation>同意の出所</translation>
        </message>
        <message>
            <source>Sender's name</source>
            <translation>差出人の名前</translation>
        </message>
        <message>
            <source>Sender's mail address</source>
            <translation>差出人のメールアドレス</translation>
        </message>
        <message>
            <source>Sender's postal address</source>
            <translation>差出人の住所</translation>
        </message>
        <message>
            <source>Unsubscribe link</source>
            <translation>配信停止のリンク</translation>
        </message>
        <message>
            <source>Unsubscribe address</source>
            <translation>配信停止の宛先</translation>
        </message>
    </context>
    <context>
        <name>FileChoice</name>
        <message>
            <source>&amp;Save</source>
            <translation>保存(&amp;S)</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>場所</translation>
        </message>
        <message>
            <source>File &amp;name</source>
            <translation>ファイル名(&amp;N)</translation>
        </message>
        <message>
            <source>Kind of file</source>
            <translation>種類</translation>
        </message>
        <message>
            <source>&amp;Open</source>
            <translation>開く(&amp;O)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <source>Folder &amp;name</source>
            <translation>フォルダー名(&amp;N)</translation>
        </message>
        <message>
            <source>C&amp;hoose</source>
            <translation>選択(&amp;H)</translation>
        </message>
    </context>
    <context>
        <name>Filters</name>
        <message>
            <source>Search name, reading, company, address</source>
            <translation>氏名・フリガナ・会社名・アドレスをさがす</translation>
        </message>
        <message>
            <source>&amp;Carrier</source>
            <translation>キャリア(&amp;C)</translation>
        </message>
        <message>
            <source>No consent on record</source>
            <translation>同意の記録なし</translation>
        </message>
        <message>
            <source>Old mobile address</source>
            <translation>昔の携帯アドレス</translation>
        </message>
        <message>
            <source>Any carrier</source>
            <translation>すべてのキャリア</translation>
        </message>
    </context>
    <context>
        <name>General</name>
        <message>
            <source>General</source>
            <translation>全般</translation>
        </message>
        <message>
            <source>As the computer</source>
            <translation>パソコンの設定どおり</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>明るい</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>暗い</translation>
        </message>
        <message>
            <source>&amp;Go on sending when the window is closed</source>
            <translation>画面を閉じても送信を続ける(&amp;G)</translation>
        </message>
        <message>
            <source>&amp;Keep the computer awake while mail is due</source>
            <translation>送るメールがある間は、パソコンをスリープさせない(&amp;K)</translation>
        </message>
        <message>
            <source>&amp;Hold mail to people without a record of consent</source>
            <translation>同意の記録がない人には送らず、保留にする(&amp;H)</translation>
        </message>
        <message>
            <source>Let &amp;refusals and lost connections happen in practice</source>
            <translation>練習でも、断られたり切れたりする(&amp;R)</translation>
        </message>
        <message>
            <source> times</source>
            <translation> 倍</translation>
        </message>
        <message>
            <source>&amp;Language</source>
            <translation>言語(&amp;L)</translation>
        </message>
        <message>
            <source>L&amp;ook</source>
            <translation>画面の明るさ(&amp;O)</translation>
        </message>
        <message>
            <source>Practice is &amp;faster by</source>
            <translation>練習の速さ(&amp;F)</translation>
        </message>
    </context>
    <context>
        <name>HowCombo</name>
        <message>
            <source>An account with a password (SMTP server)</source>
            <translation>パスワードのアカウント(SMTP サーバー)</translation>
        </message>
        <message>
            <source>Google (Gmail, Google Workspace): sign in</source>
            <translation>Google(Gmail・Google Workspace)にサインイン</translation>
        </message>
        <message>
            <source>Microsoft (Outlook, Microsoft 365): sign in</source>
            <translation>Microsoft(Outlook・Microsoft 365)にサインイン</translation>
        </message>
        <message>
            <source>{name}: sign in</source>
            <translation>{name} にサインイン</translation>
        </message>
        <message>
            <source>Several accounts together (pool)</source>
            <translation>複数のアカウントで分担(プール)</translation>
        </message>
        <message>
            <source>Straight to each recipient's server</source>
            <translation>相手のサーバーへ直接送る</translation>
        </message>
    </context>
    <context>
        <name>IdentityDialog</name>
        <message>
            <source>This sender is there already. Close this and edit it in the list.</source>
            <translation>この差出人はもうあります。この画面を閉じて、一覧の「編集」から直してください。</translation>
        </message>
        <message>
            <source>Write the mail address that the mail comes from, such as shop@example.jp.</source>
            <translation>メールの送り主になるメールアドレスを入れてください(例: shop@example.jp)。</translation>
        </message>
        <message>
            <source>The link to unsubscribe begins with https:// and has neither spaces nor Japanese letters in it. Without one, leave it empty.</source>
            <translation>配信停止のリンクは https:// で始め、空白や日本語の文字は入れません。リンクがなければ、空のままにしてください。</translation>
        </message>
        <message>
            <source>Sender</source>
            <translation>差出人</translation>
        </message>
        <message>
            <source>New sender</source>
            <translation>新しい差出人</translation>
        </message>
        <message>
            <source>the same address</source>
            <translation>上と同じアドレス</translation>
        </message>
        <message>
            <source>the reply address</source>
            <translation>返信先と同じ</translation>
        </message>
        <message>
            <source>Mail &amp;address</source>
            <translation>メールアドレス(&amp;A)</translation>
        </message>
        <message>
            <source>&amp;Name shown</source>
            <translation>表示する名前(&amp;N)</translation>
        </message>
        <message>
            <source>&amp;Replies go to</source>
            <translation>返信先(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Postal address (shown by law)</source>
            <translation>住所(法律で表示が必要)(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Unsubscribe by mail to</source>
            <translation>配信停止を受ける宛先(&amp;U)</translation>
        </message>
        <message>
            <source>Unsubscribe &amp;link (if you have one)</source>
            <translation>配信停止のリンク(あれば)(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>保存(&amp;S)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <source>People see the name and address; the postal address goes into the footer.</source>
            <translation>名前とアドレスは受け取った人に見えます。住所は本文の末尾に入ります。</translation>
        </message>
    </context>
    <context>
        <name>ImportDialog</name>
        <message>
            <source>Import {file}</source>
            <translation>{file} の取り込み</translation>
        </message>
        <message>
            <source>no list</source>
            <translation>リストに入れない</translation>
        </message>
        <message>
            <source>found by itself</source>
            <translation>自動で判別</translation>
        </message>
        <message>
            <source>Progress of the import</source>
            <translation>取り込みの進み</translation>
        </message>
        <message>
            <source>&amp;Try it first</source>
            <translation>試してみる(&amp;T)</translation>
        </message>
        <message>
            <source>Counts what would happen and changes nothing</source>
            <translation>結果の件数だけを数え、何も変えません</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <source>&amp;Import</source>
            <translation>取り込む(&amp;I)</translation>
        </message>
        <message>
            <source>Put them into the &amp;list</source>
            <translation>入れるリスト(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;Encoding</source>
            <translation>文字コード(&amp;E)</translation>
        </message>
        <message>
            <source>The file is being read…</source>
            <translation>ファイルを読んでいます…</translation>
        </message>
        <message>
            <source>{rows} rows, written in {encoding}. Choose above each column what it is.</source>
            <translation>{rows} 行、文字コードは {encoding} です。各列が何かを、列の上で選んでください。</translation>
        </message>
        <message>
            <source>Say which column holds the mail addresses.</source>
            <translation>どの列がメールアドレスかを選んでください。</translation>
        </message>
        <message>
            <source>Stopped. Nothing was changed.</source>
            <translation>取りやめました。何も変えていません。</translation>
        </message>
        <message>
            <source>It would be: {counts}</source>
            <translation>取り込むとこうなります: {counts}</translation>
        </message>
        <message>
            <source>Row {row} cannot be used: {address}</source>
            <translation>{row} 行目は使えません: {address}</translation>
        </message>
        <message>
            <source>and {n} more</source>
            <translation>ほか {n} 行</translation>
        </message>
        <message>
            <source>{n} new</source>
            <translation>新規 {n}</translation>
        </message>
        <message>
            <source>{n} changed</source>
            <translation>更新 {n}</translation>
        </message>
        <message>
            <source>{n} twice in the file</source>
            <translation>重複 {n}</translation>
        </message>
        <message>
            <source>{n} unusable</source>
            <translation>使えない行 {n}</translation>
        </message>
        <message>
            <source>{n} repaired</source>
            <translation>書き方を直した行 {n}</translation>
        </message>
        <message>
            <source>{n} without consent</source>
            <translation>同意の記録なし {n}</translation>
        </message>
        <message>
            <source>{n} suppressed</source>
            <translation>送らない人 {n}</translation>
        </message>
    </context>
    <context>
        <name>ListPanel</name>
        <message>
            <source>Lists</source>
            <translation>リスト</translation>
        </message>
        <message>
            <source>New &amp;list…</source>
            <translation>新しいリスト(&amp;L)…</translation>
        </message>
        <message>
            <source>&amp;Rename…</source>
            <translation>名前(&amp;R)…</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>削除</translation>
        </message>
        <message>
            <source>Delete this list</source>
            <translation>このリストを削除</translation>
        </message>
        <message>
            <source>The people stay in the address book</source>
            <translation>入っている人は、アドレス帳に残ります</translation>
        </message>
        <message>
            <source>Everybody</source>
            <translation>すべて</translation>
        </message>
        <message>
            <source>No mail to them</source>
            <translation>送らない人</translation>
        </message>
        <message>
            <source>Suppressed</source>
            <translation>配信停止・苦情</translation>
        </message>
        <message>
            <source>New list</source>
            <translation>新しいリスト</translation>
        </message>
        <message>
            <source>Rename the list</source>
            <translation>リストの名前を変える</translation>
        </message>
        <message>
            <source>Name of the list</source>
            <translation>リストの名前</translation>
        </message>
    </context>
    <context>
        <name>Members</name>
        <message>
            <source>Accounts of the pool</source>
            <translation>分担するアカウント</translation>
        </message>
        <message>
            <source>There is no account yet. Add the accounts one by one first.</source>
            <translation>アカウントがまだありません。先に1つずつ追加してください。</translation>
        </message>
        <message>
            <source>Weight of {name}</source>
            <translation>{name} の割合</translation>
        </message>
        <message>
            <source>Twice the weight, twice the mail</source>
            <translation>割合が2倍なら、送る数も2倍です</translation>
        </message>
    </context>
    <context>
        <name>NewMenu</name>
        <message>
            <source>&amp;Copy of this one</source>
            <translation>これの写し(&amp;C)</translation>
        </message>
        <message>
            <source>New template</source>
            <translation>新しいテンプレート</translation>
        </message>
        <message>
            <source>Subject</source>
            <translation>件名</translation>
        </message>
        <message>
            <source>&amp;Blank text mail</source>
            <translation>白紙のテキストメール(&amp;B)</translation>
        </message>
    </context>
    <context>
        <name>Page</name>
        <message>
            <source>Address book</source>
            <translation>アドレス帳</translation>
        </message>
        <message>
            <source>E&amp;xport…</source>
            <translation>書き出し(&amp;X)…</translation>
        </message>
        <message>
            <source>&amp;Import…</source>
            <translation>取り込み(&amp;I)…</translation>
        </message>
        <message>
            <source>New &amp;person</source>
            <translation>連絡先を追加(&amp;P)</translation>
        </message>
        <message>
            <source>Your customers stand here</source>
            <translation>ここにお客様の名簿が並びます</translation>
        </message>
        <message>
            <source>Import a list as your shop system or spreadsheet saves it (CSV). It stays on this PC.</source>
            <translation>レジや表計算から書き出した CSV ファイルを取り込みます。名簿がこのパソコンの外に出ることはありません。</translation>
        </message>
        <message>
            <source>Import a file…</source>
            <translation>ファイルを取り込む…</translation>
        </message>
        <message>
            <source>Suppressed</source>
            <translation>送らない人</translation>
        </message>
        <message>
            <source>{n} people</source>
            <translation>{n} 人</translation>
        </message>
        <message>
            <source>Nobody matches</source>
            <translation>見つかりませんでした</translation>
        </message>
        <message>
            <source>Nobody is in this list yet</source>
            <translation>このリストにはまだだれもいません</translation>
        </message>
        <message>
            <source>Try fewer letters or conditions.</source>
            <translation>文字や条件を減らしてみてください。</translation>
        </message>
        <message>
            <source>Select people, then choose “Put into a list”; or import a file into it.</source>
            <translation>人を選んで「リストに入れる」か、このリストにファイルを取り込んでください。</translation>
        </message>
        <message>
            <source>The list “{name}” was deleted; its people stay.</source>
            <translation>リスト「{name}」を削除しました。人はアドレス帳に残っています。</translation>
        </message>
        <message>
            <source>Templates</source>
            <translation>テンプレート</translation>
        </message>
        <message>
            <source>Mail templates stand here</source>
            <translation>ここにメールのひな形が並びます</translation>
        </message>
        <message>
            <source>Begin with one that comes with the program; you can change every word.</source>
            <translation>付属のひな形から始められます。文面は自由に直せます。</translation>
        </message>
        <message>
            <source>Choose a starter</source>
            <translation>ひな形を選ぶ</translation>
        </message>
        <message>
            <source>De&amp;lete</source>
            <translation>削除(&amp;L)</translation>
        </message>
        <message>
            <source>Ne&amp;w</source>
            <translation>新規(&amp;W)</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>保存(&amp;S)</translation>
        </message>
        <message numerus="yes">
            <source>%n template(s)</source>
            <translation>
                <numerusform>%n 件</numerusform>
            </translation>
        </message>
        <message>
            <source>Saved</source>
            <translation>保存済み</translation>
        </message>
        <message>
            <source>Show the place</source>
            <translation>その場所を見る</translation>
        </message>
        <message>
            <source>“{name}” was deleted.</source>
            <translation>「{name}」を削除しました。</translation>
        </message>
        <message>
            <source>Campaigns</source>
            <translation>キャンペーン</translation>
        </message>
        <message>
            <source>Campaigns stand here</source>
            <translation>ここにキャンペーンが並びます</translation>
        </message>
        <message>
            <source>A campaign sends one mail to one or more lists. Practice first: it reaches nobody.</source>
            <translation>キャンペーンは、ひとつの文面をリストの人に送ります。まずは、だれにも届かない練習から始めましょう。</translation>
        </message>
        <message>
            <source>Make the first one</source>
            <translation>最初のキャンペーンを作る</translation>
        </message>
        <message numerus="yes">
            <source>%n campaign(s)</source>
            <translation>
                <numerusform>%n 件</numerusform>
            </translation>
        </message>
        <message>
            <source>New campaign</source>
            <translation>新しいキャンペーン</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>設定</translation>
        </message>
        <message>
            <source>Senders</source>
            <translation>差出人</translation>
        </message>
        <message>
            <source>Who the mail comes from, with the signature that proves it.</source>
            <translation>だれからのメールか。本物だと示す署名も付けられます。</translation>
        </message>
        <message>
            <source>Add a &amp;sender</source>
            <translation>差出人を追加(&amp;S)</translation>
        </message>
        <message>
            <source>Edit…</source>
            <translation>編集…</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>削除</translation>
        </message>
        <message>
            <source>signed (DKIM)</source>
            <translation>署名あり(DKIM)</translation>
        </message>
        <message>
            <source>not signed yet</source>
            <translation>署名なし</translation>
        </message>
        <message>
            <source>no postal address yet</source>
            <translation>住所は未入力</translation>
        </message>
        <message>
            <source>Signature (DKIM)…</source>
            <translation>署名(DKIM)…</translation>
        </message>
        <message>
            <source>The language changes when the window is opened again.</source>
            <translation>言語は、次に画面を開いたときに変わります。</translation>
        </message>
    </context>
    <context>
        <name>People</name>
        <message>
            <source>People</source>
            <translation>連絡先</translation>
        </message>
        <message>
            <source>Show everybody</source>
            <translation>すべての人を見る</translation>
        </message>
    </context>
    <context>
        <name>PersonPanel</name>
        <message>
            <source>Person</source>
            <translation>連絡先</translation>
        </message>
        <message>
            <source>Choose somebody on the left.</source>
            <translation>左の一覧から選んでください。</translation>
        </message>
        <message>
            <source>old mobile address: sent as it is</source>
            <translation>昔の携帯アドレス: そのまま送れます</translation>
        </message>
        <message>
            <source>gets no mail</source>
            <translation>送らない人</translation>
        </message>
        <message>
            <source>gets no mail: {pattern}</source>
            <translation>送らない人: {pattern}</translation>
        </message>
        <message>
            <source>Fields</source>
            <translation>項目</translation>
        </message>
        <message>
            <source>So far</source>
            <translation>これまで</translation>
        </message>
        <message>
            <source>&amp;Edit…</source>
            <translation>編集(&amp;E)…</translation>
        </message>
        <message>
            <source>Send &amp;no mail</source>
            <translation>送らない(&amp;N)</translation>
        </message>
        <message>
            <source>Send mail a&amp;gain</source>
            <translation>また送る(&amp;G)</translation>
        </message>
        <message>
            <source>No mail was sent yet.</source>
            <translation>まだ何も送っていません。</translation>
        </message>
        <message>
            <source>Test mail</source>
            <translation>試し送り</translation>
        </message>
        <message>
            <source>See this mail in the queue: {name}</source>
            <translation>送信キューで見る: {name}</translation>
        </message>
    </context>
    <context>
        <name>PlanDialog</name>
        <message>
            <source>Send later</source>
            <translation>あとで送る</translation>
        </message>
        <message>
            <source>Day</source>
            <translation>日付</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>時刻</translation>
        </message>
        <message>
            <source>&amp;Plan</source>
            <translation>予約する(&amp;P)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <source>When shall sending to {n} people begin?</source>
            <translation>{n} 人への送信を、いつ始めますか。</translation>
        </message>
        <message>
            <source>The letter and the people are those of now; whoever unsubscribes until then gets nothing. Until it begins you can take it back.</source>
            <translation>文面と宛先は、いまの内容で決まります。それまでに配信停止した人には送りません。始まるまでは、下書きに戻せます。</translation>
        </message>
        <message>
            <source>The computer must be on at that time. Should it be more than an hour late, nothing is sent before you say so.</source>
            <translation>その時刻に、このパソコンの電源が入っている必要があります。1 時間より遅れたときは、確認していただくまで送信を始めません。</translation>
        </message>
        <message>
            <source>Begins {time}, {span}.</source>
            <translation>{time} に始めます({span})。</translation>
        </message>
        <message>
            <source>This time has passed.</source>
            <translation>この時刻は過ぎています。</translation>
        </message>
    </context>
    <context>
        <name>Reader</name>
        <message>
            <source>Previous person</source>
            <translation>前の人</translation>
        </message>
        <message>
            <source>Next person</source>
            <translation>次の人</translation>
        </message>
        <message>
            <source>For</source>
            <translation>宛先</translation>
        </message>
        <message>
            <source>How the mail is shown</source>
            <translation>見せ方</translation>
        </message>
        <message>
            <source>&amp;Desktop</source>
            <translation>パソコン(&amp;D)</translation>
        </message>
        <message>
            <source>&amp;Phone</source>
            <translation>スマホ(&amp;P)</translation>
        </message>
        <message>
            <source>Te&amp;xt only</source>
            <translation>テキスト(&amp;X)</translation>
        </message>
        <message>
            <source>The mail as text</source>
            <translation>テキストのメール</translation>
        </message>
        <message>
            <source>an example person</source>
            <translation>見本の人</translation>
        </message>
        <message>
            <source>{size} KB</source>
            <translation>{size} KB</translation>
        </message>
        <message>
            <source>Show the place</source>
            <translation>その場所を見る</translation>
        </message>
        <message>
            <source>The mail as it looks</source>
            <translation>メールの見た目</translation>
        </message>
        <message>
            <source>The look cannot be shown on this computer (QtWebEngine is missing). Here is the text.</source>
            <translation>このパソコンでは見た目を表示できません(QtWebEngine がありません)。テキストを表示します。</translation>
        </message>
    </context>
    <context>
        <name>RouteCard</name>
        <message>
            <source>Routes (mail servers)</source>
            <translation>経路(メールサーバー)</translation>
        </message>
        <message>
            <source>Where mail goes next. Practice reaches nobody; for real mail add your provider's server.</source>
            <translation>メールを送り出すサーバーです。練習はだれにも届きません。本番には契約先のサーバーを追加します。</translation>
        </message>
        <message>
            <source>&amp;Add a route</source>
            <translation>経路を追加(&amp;A)</translation>
        </message>
        <message>
            <source>Practice</source>
            <translation>練習</translation>
        </message>
        <message>
            <source>carriers played on this computer</source>
            <translation>このパソコンの中だけで動く、まねの相手</translation>
        </message>
        <message>
            <source>Sign in…</source>
            <translation>サインイン…</translation>
        </message>
        <message>
            <source>Edit…</source>
            <translation>編集…</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>削除</translation>
        </message>
        <message>
            <source>several accounts together: {names}</source>
            <translation>複数のアカウントで分担: {names}</translation>
        </message>
        <message>
            <source>straight to each recipient's server</source>
            <translation>相手のサーバーへ直接</translation>
        </message>
        <message>
            <source>when blocked, over {name}</source>
            <translation>止められたら {name} から</translation>
        </message>
        <message>
            <source>not encrypted</source>
            <translation>暗号化なし</translation>
        </message>
        <message>
            <source>not signed in yet</source>
            <translation>サインインが済んでいません</translation>
        </message>
        <message>
            <source>today {n} of {quota}</source>
            <translation>今日 {n} / {quota} 通</translation>
        </message>
        <message>
            <source>warm-up: today {n} of {allowance}, day {day} of {days}</source>
            <translation>慣らし送信 今日 {n} / {allowance} 通、{days} 日中の {day} 日目</translation>
        </message>
    </context>
    <context>
        <name>RouteDialog</name>
        <message>
            <source>Route</source>
            <translation>経路</translation>
        </message>
        <message>
            <source>New route</source>
            <translation>新しい経路</translation>
        </message>
        <message>
            <source>&amp;Advanced settings</source>
            <translation>詳細設定(&amp;A)</translation>
        </message>
        <message>
            <source>&amp;Test the connection</source>
            <translation>接続を確かめる(&amp;T)</translation>
        </message>
        <message>
            <source>Sends no mail</source>
            <translation>メールは送りません</translation>
        </message>
        <message>
            <source>Stop the &amp;test</source>
            <translation>確認をやめる(&amp;T)</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>保存(&amp;S)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <source>Signed in. Mail can go over this account now.</source>
            <translation>サインインできました。このアカウントから送れます。</translation>
        </message>
        <message>
            <source>Connecting…</source>
            <translation>つないでいます…</translation>
        </message>
        <message>
            <source>Counted. It holds for today.</source>
            <translation>数に入れました。今日の分として数えます。</translation>
        </message>
    </context>
    <context>
        <name>RouteFindings</name>
        <message>
            <source>The server offers no login on this line.</source>
            <translation>このサーバーは、この接続ではログインを受け付けていません。</translation>
        </message>
        <message>
            <source>The server takes a login over an encrypted line only.</source>
            <translation>このサーバーは、暗号化した接続でしかログインを受け付けません。</translation>
        </message>
        <message>
            <source>What answers there seems to be no server for sending mail (SMTP).</source>
            <translation>そこで動いているのは、メールを送り出すサーバー(SMTP)ではないようです。</translation>
        </message>
        <message>
            <source>The server's certificate is for another name than the one given here.</source>
            <translation>サーバーの証明書が、入力したサーバー名のものではありません。</translation>
        </message>
        <message>
            <source>The server's certificate is out of date, or the date and time of this computer are wrong.</source>
            <translation>サーバーの証明書の期限が切れているか、このパソコンの日付と時刻が合っていません。</translation>
        </message>
        <message>
            <source>Nobody this computer trusts vouches for the server's certificate.</source>
            <translation>サーバーの証明書の発行元を、このパソコンでは確かめられません。</translation>
        </message>
        <message>
            <source>The server answers.</source>
            <translation>サーバーにつながりました。</translation>
        </message>
        <message>
            <source>The line is not encrypted.</source>
            <translation>通信は暗号化されていません。</translation>
        </message>
        <message>
            <source>The line is encrypted ({tls}).</source>
            <translation>通信は暗号化されています({tls})。</translation>
        </message>
        <message>
            <source>The login was taken.</source>
            <translation>ログインできました。</translation>
        </message>
        <message>
            <source>The server's certificate was checked.</source>
            <translation>サーバーの証明書も確かめました。</translation>
        </message>
        <message>
            <source>The recipient's domain vouches for this server (MTA-STS).</source>
            <translation>送り先のドメインが保証しているサーバーです(MTA-STS)。</translation>
        </message>
        <message>
            <source>The recipient's domain signed this server's certificate (DANE).</source>
            <translation>送り先のドメインが証明書に署名しているサーバーです(DANE)。</translation>
        </message>
        <message>
            <source>The recipient's domain proves nothing about its server (neither MTA-STS nor DANE).</source>
            <translation>送り先のドメインは、サーバーの保証(MTA-STS・DANE)を出していません。</translation>
        </message>
        <message>
            <source>The server cannot be used so.</source>
            <translation>この設定ではサーバーを使えません。</translation>
        </message>
        <message>
            <source>Tried: {domains}.</source>
            <translation>試した相手: {domains}。</translation>
        </message>
        <message>
            <source>{why} (it says: {detail})</source>
            <translation>{why}(サーバーの言葉: {detail})</translation>
        </message>
        <message>
            <source>There is no server of this name. See whether it is spelt as your provider does.</source>
            <translation>この名前のサーバーは見つかりません。契約先の案内どおりのつづりか、確かめてください。</translation>
        </message>
        <message>
            <source>See whether server, encryption and port are as your provider says.</source>
            <translation>サーバー・暗号化・ポートが契約先の案内どおりか、確かめてください。</translation>
        </message>
        <message>
            <source>{why} (in detail: {detail})</source>
            <translation>{why}(くわしい内容: {detail})</translation>
        </message>
    </context>
    <context>
        <name>RouteWords</name>
        <message>
            <source>Give it a name that is not used yet.</source>
            <translation>まだ使っていない名前を付けてください。</translation>
        </message>
        <message>
            <source>Write the server's name, such as smtp.example.jp, without spaces or “https://”.</source>
            <translation>smtp.example.jp のようなサーバー名を、空白や「https://」を付けずに入れてください。</translation>
        </message>
        <message>
            <source>A port is a number from 1 to 65535.</source>
            <translation>ポートは 1 から 65535 までの数です。</translation>
        </message>
        <message>
            <source>Write the user name without line breaks.</source>
            <translation>ユーザー名は改行なしで入れてください。</translation>
        </message>
        <message>
            <source>The pace has to be more than nothing.</source>
            <translation>速さは 0 より大きくしてください。</translation>
        </message>
        <message>
            <source>At least one message a day.</source>
            <translation>1日に1通以上にしてください。</translation>
        </message>
        <message>
            <source>At least one message an hour.</source>
            <translation>1時間に1通以上にしてください。</translation>
        </message>
        <message>
            <source>At least one connection.</source>
            <translation>接続は1本以上にしてください。</translation>
        </message>
        <message>
            <source>This cannot be while “Not encrypted” is chosen for the server.</source>
            <translation>サーバーとの通信を「暗号化しない」にしている間は使えません。</translation>
        </message>
        <message>
            <source>Write a full name such as pc.example.jp, or leave it empty.</source>
            <translation>pc.example.jp のような名前を入れるか、空のままにしてください。</translation>
        </message>
        <message>
            <source>Write an IP address of this PC, such as 192.0.2.10, or leave it empty.</source>
            <translation>192.0.2.10 のような、このパソコンの IP アドレスを入れるか、空のままにしてください。</translation>
        </message>
        <message>
            <source>To sign in, the mail address and an encrypted connection are needed.</source>
            <translation>サインインには、メールアドレスと暗号化した通信が要ります。</translation>
        </message>
        <message>
            <source>Write the client ID that you registered at the provider.</source>
            <translation>提供元で登録したクライアント ID を入れてください。</translation>
        </message>
        <message>
            <source>Choose at least one account.</source>
            <translation>アカウントを1つ以上選んでください。</translation>
        </message>
        <message>
            <source>Choose an account or a pool that is there.</source>
            <translation>いまあるアカウントかプールを選んでください。</translation>
        </message>
        <message>
            <source>One of these rules cannot be kept so: it says itself what is missing.</source>
            <translation>このままでは使えない規則があります。足りないことは、その規則に書いてあります。</translation>
        </message>
        <message>
            <source>A warm-up is for an account or a direct route, and at most doubles from day to day.</source>
            <translation>慣らし送信は、アカウントか直接送る経路で使えます。増やせるのは、1日に2倍までです。</translation>
        </message>
    </context>
    <context>
        <name>Reuse</name>
        <message>
            <source>“{name}” is a draft again and is not sent.</source>
            <translation>「{name}」を下書きに戻しました。送信はされません。</translation>
        </message>
    </context>
    <context>
        <name>Routes</name>
        <message>
            <source>“{name}” is paused and waits for this route.</source>
            <translation>「{name}」は一時停止したまま、この経路を待っています。</translation>
        </message>
        <message>
            <source>Go on sending</source>
            <translation>送信を再開</translation>
        </message>
        <message>
            <source>“{name}” was deleted, its password too.</source>
            <translation>「{name}」とそのパスワードを削除しました。</translation>
        </message>
    </context>
    <context>
        <name>Rows</name>
        <message>
            <source>&amp;Name</source>
            <translation>名前(&amp;N)</translation>
        </message>
        <message>
            <source>&amp;How</source>
            <translation>送り方(&amp;H)</translation>
        </message>
        <message>
            <source>Ser&amp;ver</source>
            <translation>サーバー(&amp;V)</translation>
        </message>
        <message>
            <source>&amp;Encryption</source>
            <translation>暗号化(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;Port</source>
            <translation>ポート(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;User name</source>
            <translation>ユーザー名(&amp;U)</translation>
        </message>
        <message>
            <source>Client I&amp;D</source>
            <translation>クライアント ID(&amp;D)</translation>
        </message>
        <message>
            <source>Pass&amp;word</source>
            <translation>パスワード(&amp;W)</translation>
        </message>
        <message>
            <source>Sign-in</source>
            <translation>サインイン</translation>
        </message>
        <message>
            <source>Messages a da&amp;y</source>
            <translation>1日の上限(&amp;Y)</translation>
        </message>
        <message>
            <source>Accounts</source>
            <translation>アカウント</translation>
        </message>
        <message>
            <source>When b&amp;locked, send over</source>
            <translation>止められたときの経路(&amp;L)</translation>
        </message>
        <message>
            <source>Address for the t&amp;est</source>
            <translation>確かめる相手(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;Messages an hour</source>
            <translation>1時間の上限(&amp;M)</translation>
        </message>
        <message>
            <source>Pa&amp;ce at most</source>
            <translation>速さの上限(&amp;C)</translation>
        </message>
        <message>
            <source>C&amp;onnections at most</source>
            <translation>接続数の上限(&amp;O)</translation>
        </message>
        <message>
            <source>Own name (EHLO)</source>
            <translation>名乗る名前(EHLO)</translation>
        </message>
        <message>
            <source>Outgoin&amp;g IP address</source>
            <translation>送信元の IP アドレス(&amp;G)</translation>
        </message>
        <message>
            <source>&amp;Rules</source>
            <translation>振り分けの規則(&amp;R)</translation>
        </message>
        <message>
            <source>As many as your provider takes in a day; the others wait until the next day.</source>
            <translation>契約先が1日に受け付ける通数です。超える分は翌日に送ります。</translation>
        </message>
        <message>
            <source>Twice the weight, twice the mail.</source>
            <translation>割合が2倍のアカウントから、2倍の数を送ります。</translation>
        </message>
        <message>
            <source>Where mail goes when this line blocks port 25 (OP25B), or a carrier blocks you.</source>
            <translation>25番ポート規制(OP25B)などで送れないとき、こちらから送ります。</translation>
        </message>
        <message>
            <source>Its server is asked, no mail is sent. Empty: whether this line lets port 25 through.</source>
            <translation>このアドレスのサーバーに尋ねるだけで、メールは送りません。空なら、回線の25番ポートが通るかを確かめます。</translation>
        </message>
        <message>
            <source>Counted over any sixty minutes; the others wait.</source>
            <translation>どの60分間にも超えないように送り、超える分は待ちます。</translation>
        </message>
        <message>
            <source>All campaigns together. Carriers' own paces are kept in any case.</source>
            <translation>すべてのキャンペーンの合計です。携帯会社ごとの速さは、これとは別に守ります。</translation>
        </message>
        <message>
            <source>By itself: as many at once as the server answers well.</source>
            <translation>自動なら、サーバーの応答を見ながら増減します。</translation>
        </message>
        <message>
            <source>Few servers promise that yet. Mail to the others waits and expires in the end.</source>
            <translation>対応する相手はまだわずかです。ほかの分は期限まで待って終わります。</translation>
        </message>
        <message>
            <source>How this PC introduces itself to servers.</source>
            <translation>相手のサーバーに名乗る、このパソコンの名前です。</translation>
        </message>
        <message>
            <source>For a PC with several addresses: the one that connections leave from.</source>
            <translation>アドレスが複数あるパソコンで、どれから接続するかを決めます。</translation>
        </message>
        <message>
            <source>Mai&amp;l address</source>
            <translation>メールアドレス(&amp;L)</translation>
        </message>
        <message>
            <source>Client sec&amp;ret</source>
            <translation>クライアント シークレット(&amp;R)</translation>
        </message>
        <message>
            <source>Mail is spread over the accounts; when one cannot send, the others go on.</source>
            <translation>アカウントに分けて送ります。使えないものの分は、ほかが引き受けます。</translation>
        </message>
        <message>
            <source>Wants a line with port 25 open, usually one with a fixed IP address.</source>
            <translation>25番ポートが通る回線が要ります。多くは固定 IP アドレスの契約です。</translation>
        </message>
        <message>
            <source>No password: you agree at {name} in the browser, once.</source>
            <translation>パスワードは要りません。ブラウザーで {name} に一度だけ承認します。</translation>
        </message>
        <message>
            <source>Your provider's page tells these.</source>
            <translation>契約先の案内に書かれています。</translation>
        </message>
        <message>
            <source>From Google Cloud, “Credentials”: an OAuth client ID of the type “Desktop app”.</source>
            <translation>Google Cloud の「認証情報」で作る OAuth クライアント ID です(種類は「デスクトップ アプリ」)。</translation>
        </message>
        <message>
            <source>From Microsoft Entra, “App registrations”: a public client with the redirect URI http://localhost and the permission SMTP.Send.</source>
            <translation>Microsoft Entra の「アプリの登録」で作ります(パブリック クライアント、リダイレクト URI は http://localhost、アクセス許可は SMTP.Send)。</translation>
        </message>
        <message>
            <source>What you registered for this program at {name}.</source>
            <translation>{name} でこのプログラムのために登録したものです。</translation>
        </message>
        <message>
            <source>Google shows it together with the client ID.</source>
            <translation>クライアント ID と一緒に表示されます。</translation>
        </message>
        <message>
            <source>Microsoft gives out none: leave it empty.</source>
            <translation>Microsoft では要りません。空のままにしてください。</translation>
        </message>
        <message>
            <source>Leave it empty when the provider gave you none.</source>
            <translation>提供元から渡されていなければ、空のままにしてください。</translation>
        </message>
        <message>
            <source>Of the rules that fit a mail, the first holds.</source>
            <translation>当てはまる規則がいくつかあるときは、上のものに従います。</translation>
        </message>
        <message>
            <source>Warm-up</source>
            <translation>慣らし送信</translation>
        </message>
        <message>
            <source>Other programs</source>
            <translation>ほかのソフトから</translation>
        </message>
        <message>
            <source>For a new account, line or sender. After a bad sign the number stays as it is for a day. Another plan begins with its first day.</source>
            <translation>新しいアカウントや回線、差出人のときに使います。気になる点があった次の日は、通数を増やしません。通数や日数を変えると、初日から始めます。</translation>
        </message>
        <message>
            <source>What your mail program sent today over this account counts, too.</source>
            <translation>ふだんのメールソフトなどから、このアカウントで今日送った通数も、1日の上限に数えます。</translation>
        </message>
    </context>
    <context>
        <name>RuleList</name>
        <message>
            <source>No rules: all mail is spread by weight.</source>
            <translation>規則はありません。すべてのメールを重みに応じて分けます。</translation>
        </message>
        <message>
            <source>Add a r&amp;ule</source>
            <translation>規則を追加(&amp;U)</translation>
        </message>
    </context>
    <context>
        <name>RuleRow</name>
        <message>
            <source>any size</source>
            <translation>問わない</translation>
        </message>
        <message>
            <source>bytes</source>
            <translation>バイト</translation>
        </message>
        <message>
            <source>nothing</source>
            <translation>残さない</translation>
        </message>
        <message>
            <source>Earlier</source>
            <translation>上へ</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>下へ</translation>
        </message>
        <message>
            <source>Remove this rule</source>
            <translation>この規則を削除</translation>
        </message>
        <message>
            <source>Mail to</source>
            <translation>宛先</translation>
        </message>
        <message>
            <source>from</source>
            <translation>差出人</translation>
        </message>
        <message>
            <source>larger than</source>
            <translation>大きさ</translation>
        </message>
        <message>
            <source>Unit of the size</source>
            <translation>大きさの単位</translation>
        </message>
        <message>
            <source>Rule {n}</source>
            <translation>{n}番目の規則</translation>
        </message>
        <message>
            <source>anybody</source>
            <translation>だれでも</translation>
        </message>
        <message>
            <source>over no other</source>
            <translation>ほかに回さない</translation>
        </message>
        <message>
            <source>keep back</source>
            <translation>残す数</translation>
        </message>
        <message>
            <source>goes over</source>
            <translation>経路</translation>
        </message>
        <message>
            <source>shop@example.jp, or @example.jp for all of them</source>
            <translation>shop@example.jp か、まとめて @example.jp</translation>
        </message>
    </context>
    <context>
        <name>Rules</name>
        <message>
            <source>; </source>
            <translation>、</translation>
        </message>
        <message>
            <source>to {carriers}</source>
            <translation>{carriers}あて</translation>
        </message>
        <message>
            <source>from {senders}</source>
            <translation>差出人 {senders}</translation>
        </message>
        <message>
            <source>larger than {size}</source>
            <translation>{size} 超</translation>
        </message>
        <message>
            <source>Mail {which} goes over “{account}”.</source>
            <translation>{which}のメールは「{account}」で送ります。</translation>
        </message>
        <message>
            <source>All mail goes over “{account}”.</source>
            <translation>すべてのメールを「{account}」で送ります。</translation>
        </message>
        <message>
            <source>It waits while that account cannot send.</source>
            <translation>使えない間は、ほかに回さず待ちます。</translation>
        </message>
        <message>
            <source>The last {n} of that account's day are left to other mail.</source>
            <translation>1日の枠のうち最後の {n} 通は、ほかのメールに残します。</translation>
        </message>
        <message>
            <source>Choose an account that takes part in the pool.</source>
            <translation>組に入っているアカウントを選んでください。</translation>
        </message>
        <message>
            <source>“{text}” is no sender: write shop@example.jp, or @example.jp for all of them.</source>
            <translation>「{text}」は差出人になりません。shop@example.jp か、まとめて @example.jp のように入力してください。</translation>
        </message>
        <message>
            <source>{n} bytes</source>
            <translation>{n} バイト</translation>
        </message>
        <message>
            <source>, </source>
            <translation>、</translation>
        </message>
    </context>
    <context>
        <name>Sending</name>
        <message>
            <source>The mail to {n} people is being lined up. With many people this takes a moment.</source>
            <translation>{n} 人分の送信の準備をしています。人数が多いと、少し時間がかかります。</translation>
        </message>
        <message>
            <source>In {seconds} seconds sending to {n} people begins.</source>
            <translation>あと {seconds} 秒で {n} 人への送信を始めます。</translation>
        </message>
        <message>
            <source>Send now</source>
            <translation>今すぐ送る</translation>
        </message>
        <message>
            <source>The test to {address} is on its way.</source>
            <translation>{address} に試しの1通を送りました。</translation>
        </message>
        <message>
            <source>See it in the queue</source>
            <translation>送信キューで見る</translation>
        </message>
    </context>
    <context>
        <name>SentView</name>
        <message>
            <source>Planned for</source>
            <translation>送信予約</translation>
        </message>
        <message>
            <source>&amp;Copy to a new draft</source>
            <translation>複製して新しい下書きに(&amp;C)</translation>
        </message>
        <message>
            <source>Take back to &amp;draft</source>
            <translation>下書きに戻す(&amp;D)</translation>
        </message>
        <message>
            <source>Accepted</source>
            <translation>受け付け済み</translation>
        </message>
        <message>
            <source>Still to go</source>
            <translation>残り</translation>
        </message>
        <message>
            <source>Bounced</source>
            <translation>届かなかった</translation>
        </message>
        <message>
            <source>Not sent, unknown</source>
            <translation>送らず・不明</translation>
        </message>
        <message>
            <source>Submitted</source>
            <translation>送信開始</translation>
        </message>
        <message>
            <source>Ended</source>
            <translation>終了</translation>
        </message>
        <message>
            <source>Lists</source>
            <translation>リスト</translation>
        </message>
        <message>
            <source>Template</source>
            <translation>テンプレート</translation>
        </message>
        <message>
            <source>Sender</source>
            <translation>差出人</translation>
        </message>
        <message>
            <source>Mail server</source>
            <translation>メールサーバー</translation>
        </message>
        <message>
            <source>See the &amp;monitor</source>
            <translation>送信モニターで見る(&amp;M)</translation>
        </message>
        <message>
            <source>See each &amp;recipient</source>
            <translation>送信キューで見る(&amp;R)</translation>
        </message>
        <message>
            <source>{n} retry later</source>
            <translation>うち再送待ち {n}</translation>
        </message>
        <message>
            <source>{n} unknown</source>
            <translation>うち不明 {n}</translation>
        </message>
    </context>
    <context>
        <name>SignInPanel</name>
        <message>
            <source>S&amp;ign in with {name}…</source>
            <translation>{name} にサインイン(&amp;I)…</translation>
        </message>
        <message>
            <source>Signed in</source>
            <translation>サインイン済み</translation>
        </message>
        <message>
            <source>Not signed in yet</source>
            <translation>まだサインインしていません</translation>
        </message>
        <message>
            <source>Sign in &amp;by code on another device…</source>
            <translation>ほかの機器でコードを入力してサインイン(&amp;B)…</translation>
        </message>
    </context>
    <context>
        <name>SignInWait</name>
        <message>
            <source>Open again</source>
            <translation>もう一度開く</translation>
        </message>
        <message>
            <source>Open it here</source>
            <translation>このパソコンで開く</translation>
        </message>
        <message>
            <source>Copy the address</source>
            <translation>アドレスをコピー</translation>
        </message>
        <message>
            <source>Copy the code</source>
            <translation>コードをコピー</translation>
        </message>
        <message>
            <source>Call off</source>
            <translation>やめる</translation>
        </message>
        <message>
            <source>One moment…</source>
            <translation>お待ちください…</translation>
        </message>
        <message>
            <source>The browser opens. Agree there; this waits up to five minutes.</source>
            <translation>ブラウザーが開きます。そちらで承認してください(5分まで待ちます)。</translation>
        </message>
        <message>
            <source>No browser could be opened. Copy the address and open it in one on this PC.</source>
            <translation>ブラウザーを開けません。アドレスをコピーして、このパソコンのブラウザーで開いてください。</translation>
        </message>
        <message>
            <source>On your phone or another PC, open {page} and type in this code:</source>
            <translation>スマートフォンや別のパソコンで {page} を開き、次のコードを入力してください。</translation>
        </message>
        <message>
            <source>Code: {code}</source>
            <translation>コード: {code}</translation>
        </message>
        <message>
            <source>The code is good until {time}; this waits that long.</source>
            <translation>コードは {time} まで有効です。それまでここで待ちます。</translation>
        </message>
    </context>
    <context>
        <name>SuppressedView</name>
        <message>
            <source>Suppressed</source>
            <translation>送らない人</translation>
        </message>
        <message>
            <source>Nobody is kept from mail</source>
            <translation>送らない人はいません</translation>
        </message>
        <message>
            <source>Whoever unsubscribes or complains comes here, and no list can bring them back.</source>
            <translation>配信停止や苦情のあった人がここに入ります。どのリストに入っていても送りません。</translation>
        </message>
        <message>
            <source>These get no mail, whatever list they are in. “@example.com” stands for a domain.</source>
            <translation>どのリストに入っていても送りません。「@example.com」のように、ドメイン全体も指定できます。</translation>
        </message>
        <message>
            <source>address or @domain</source>
            <translation>アドレスまたは @ドメイン</translation>
        </message>
        <message>
            <source>Address or domain that shall get no mail</source>
            <translation>メールを送らないアドレスまたはドメイン</translation>
        </message>
        <message>
            <source>&amp;Add</source>
            <translation>追加(&amp;A)</translation>
        </message>
        <message>
            <source>Send mail a&amp;gain</source>
            <translation>また送る(&amp;G)</translation>
        </message>
        <message numerus="yes">
            <source>%n entry(s) may get mail again.</source>
            <translation>
                <numerusform>%n 件にまた送れるようにしました。</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SuppressionModel</name>
        <message>
            <source>put in by hand</source>
            <translation>手で登録</translation>
        </message>
        <message>
            <source>unsubscribed</source>
            <translation>配信停止</translation>
        </message>
        <message>
            <source>bounced</source>
            <translation>届かなかった</translation>
        </message>
        <message>
            <source>complained</source>
            <translation>苦情</translation>
        </message>
        <message>
            <source>Address or domain</source>
            <translation>アドレスまたはドメイン</translation>
        </message>
        <message>
            <source>Why</source>
            <translation>理由</translation>
        </message>
        <message>
            <source>Since</source>
            <translation>いつから</translation>
        </message>
    </context>
    <context>
        <name>Transfer</name>
        <message>
            <source>Tables (*.csv *.tsv *.txt)</source>
            <translation>表のファイル (*.csv *.tsv *.txt)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>すべてのファイル (*)</translation>
        </message>
        <message>
            <source>Import contacts</source>
            <translation>連絡先の取り込み</translation>
        </message>
        <message>
            <source>Imported: {counts}</source>
            <translation>取り込みました: {counts}</translation>
        </message>
        <message>
            <source>The import was taken back.</source>
            <translation>取り込みを元に戻しました。</translation>
        </message>
        <message>
            <source>The import was taken back: {removed} removed, {restored} as before.</source>
            <translation>取り込みを元に戻しました。{removed} 人を取り除き、{restored} 人を元どおりにしました。</translation>
        </message>
        <message>
            <source>CSV for any program (*.csv)</source>
            <translation>一般的な CSV (*.csv)</translation>
        </message>
        <message>
            <source>CSV for old Excel (*.csv)</source>
            <translation>古い Excel 向けの CSV (*.csv)</translation>
        </message>
        <message>
            <source>Export contacts</source>
            <translation>連絡先の書き出し</translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) written to {file}.</source>
            <translation>
                <numerusform>%n 人を {file} に書き出しました。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In %Ln of them “?” stands for characters that old Excel lacks.</source>
            <translation>
                <numerusform>うち %Ln 人は、古い Excel にない文字が「?」になっています。</numerusform>
            </translation>
        </message>
        <message>
            <source>Write it for any program</source>
            <translation>一般的な CSV で書き直す</translation>
        </message>
    </context>
    <context>
        <name>BackupDialog</name>
        <message>
            <source>Move to another computer</source>
            <translation>別のパソコンへ引っ越す</translation>
        </message>
        <message>
            <source>Back up to a file</source>
            <translation>ファイルにバックアップ</translation>
        </message>
        <message>
            <source>With a passphrase the whole file is encrypted, and passwords and signing keys are in it. Without one they are left out, and anybody who finds the file can read your address book. Nobody can recover a passphrase that is forgotten.</source>
            <translation>合い言葉を付けると、ファイル全体を暗号化し、パスワードと署名の鍵も入れます。付けないと、それらは入らず、ファイルを拾った人がアドレス帳を読めてしまいます。忘れた合い言葉は、だれにも元に戻せません。</translation>
        </message>
        <message>
            <source>Choose where to &amp;save it…</source>
            <translation>保存する場所を選ぶ(&amp;S)…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <source>1. Make the file here. From then on this computer sends nothing more.</source>
            <translation>1. ここでファイルを作ります。その時から、このパソコンは何も送りません。</translation>
        </message>
        <message>
            <source>2. Carry the file to the new computer, for example on a USB stick.</source>
            <translation>2. ファイルを USB メモリーなどで新しいパソコンへ運びます。</translation>
        </message>
        <message>
            <source>3. There, choose Settings, Backups, Restore. Sending goes on where it stopped.</source>
            <translation>3. 新しいパソコンで「設定」の「バックアップ」から「復元」を選びます。送信は続きから再開します。</translation>
        </message>
        <message>
            <source>Backup (*.drbackup)</source>
            <translation>バックアップ (*.drbackup)</translation>
        </message>
        <message>
            <source>The file is being made and looked through…</source>
            <translation>ファイルを作り、中身を確かめています…</translation>
        </message>
        <message>
            <source>Sending stops first; that takes up to half a minute.</source>
            <translation>先に送信を止めます(長くて 30 秒ほど)。</translation>
        </message>
        <message>
            <source>The file is ready: {path}</source>
            <translation>ファイルができました: {path}</translation>
        </message>
        <message>
            <source>Carry it to the new computer and restore it there. This computer sends nothing more.</source>
            <translation>新しいパソコンへ運び、そこで復元してください。このパソコンからはもう送りません。</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>閉じる</translation>
        </message>
        <message>
            <source>The files attached to your templates go along.</source>
            <translation>テンプレートの添付ファイルも一緒に入ります。</translation>
        </message>
    </context>
    <context>
        <name>Backups</name>
        <message>
            <source>Backups</source>
            <translation>バックアップ</translation>
        </message>
        <message>
            <source>&amp;Back up now</source>
            <translation>今すぐバックアップ(&amp;B)</translation>
        </message>
        <message>
            <source>Back up to a f&amp;ile…</source>
            <translation>ファイルにバックアップ(&amp;I)…</translation>
        </message>
        <message>
            <source>&amp;Move to another computer…</source>
            <translation>別のパソコンへ引っ越す(&amp;M)…</translation>
        </message>
        <message>
            <source>Res&amp;tore…</source>
            <translation>復元(&amp;T)…</translation>
        </message>
        <message>
            <source>The newest is of {time}; {number} in all.</source>
            <translation>最新は {time} のものです。{number} 個あります。</translation>
        </message>
        <message>
            <source>There is none yet. One is made each day by itself.</source>
            <translation>まだありません。毎日、自動で作ります。</translation>
        </message>
        <message>
            <source>The backups cannot be seen, because their folder cannot be reached.</source>
            <translation>置き場所を開けないため、いまはバックアップを確かめられません。</translation>
        </message>
        <message>
            <source>This data was moved to another computer, so nothing is sent from here.</source>
            <translation>このデータは別のパソコンへ引っ越したため、ここからは送りません。</translation>
        </message>
        <message>
            <source>Go on here after all</source>
            <translation>やはりここで続ける</translation>
        </message>
        <message>
            <source>There has been no backup for more than three days.</source>
            <translation>三日以上、バックアップができていません。</translation>
        </message>
        <message>
            <source>The last backup failed. {why}</source>
            <translation>前回のバックアップに失敗しました。{why}</translation>
        </message>
        <message>
            <source>A backup is being made and looked through…</source>
            <translation>バックアップを作り、中身を確かめています…</translation>
        </message>
    </context>
    <context>
        <name>FolderChoice</name>
        <message>
            <source>Choose a fol&amp;der…</source>
            <translation>フォルダーを選ぶ(&amp;D)…</translation>
        </message>
        <message>
            <source>Sta&amp;ndard folder</source>
            <translation>標準に戻す(&amp;N)</translation>
        </message>
        <message>
            <source>Daily backups are kept in</source>
            <translation>毎日のバックアップの置き場所</translation>
        </message>
        <message>
            <source>Daily backups are kept in {folder}</source>
            <translation>毎日のバックアップの置き場所: {folder}</translation>
        </message>
        <message>
            <source>It is on another disk than the data, as it should be. While that disk is not connected, no backup is made, and you are told here and on Home.</source>
            <translation>データとは別のディスクにあるので安心です。そのディスクがつながっていない間はバックアップを作れず、ここと「ホーム」でお知らせします。</translation>
        </message>
        <message>
            <source>This folder cannot be reached now. If it is on a USB disk, connect the disk; if it is on the network, see whether the other device is on. Until then no backup is made; it is tried again every hour. Mail goes on.</source>
            <translation>いまはこのフォルダーを開けません。USBディスクにある場合は、ディスクをつないでください。ネットワーク上にある場合は、相手の機器の電源を確かめてください。それまでバックアップは作られず、1時間ごとに試します。メールの送信は続きます。</translation>
        </message>
        <message>
            <source>Nothing can be written into this folder. Allow it there, or choose another folder. Until then no backup is made; it is tried again every hour. Mail goes on.</source>
            <translation>このフォルダーには書き込めません。書き込みを許可するか、別のフォルダーを選んでください。それまでバックアップは作られず、1時間ごとに試します。メールの送信は続きます。</translation>
        </message>
        <message>
            <source>This is on the same disk as the data: should the disk fail, the backups are lost with it. Better choose a folder on another disk, such as a USB disk.</source>
            <translation>データと同じディスクにあるため、ディスクが壊れるとバックアップも一緒に失われます。USBディスクなど、別のディスクのフォルダーを選ぶことをおすすめします。</translation>
        </message>
        <message>
            <source>This folder is on the same disk as the data: should the disk fail, both are lost. If a USB disk belongs there, it is not connected now; connect it, or choose a folder on it.</source>
            <translation>このフォルダーはデータと同じディスクにあり、ディスクが壊れると両方とも失われます。USBディスクを置き場所にしたつもりでしたら、いまはつながっていません。つなぐか、USBディスクの中のフォルダーを選んでください。</translation>
        </message>
        <message>
            <source>Where shall the backups go?</source>
            <translation>バックアップの置き場所を選んでください</translation>
        </message>
        <message>
            <source>Backups made so far stay in {folder}.</source>
            <translation>これまでのバックアップは {folder} に残っています。</translation>
        </message>
    </context>
    <context>
        <name>PassphraseField</name>
        <message>
            <source>Passphrase</source>
            <translation>合い言葉</translation>
        </message>
        <message>
            <source>S&amp;how it</source>
            <translation>文字を表示する(&amp;H)</translation>
        </message>
    </context>
    <context>
        <name>RestoreDialog</name>
        <message>
            <source>Restore a backup</source>
            <translation>バックアップから復元</translation>
        </message>
        <message>
            <source>&amp;Choose the file…</source>
            <translation>ファイルを選ぶ(&amp;C)…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>キャンセル</translation>
        </message>
        <message>
            <source>&amp;Next</source>
            <translation>次へ(&amp;N)</translation>
        </message>
        <message>
            <source>Step 1 of 3: the file</source>
            <translation>1/3 ファイルを選ぶ</translation>
        </message>
        <message>
            <source>Choose a backup, or the file that was made on the old computer to move.</source>
            <translation>バックアップか、前のパソコンで作った引っ越し用のファイルを選んでください。</translation>
        </message>
        <message>
            <source>Backup (*.drbackup)</source>
            <translation>バックアップ (*.drbackup)</translation>
        </message>
        <message>
            <source>{time}: {people} people in the address book, {campaigns} campaigns</source>
            <translation>{time} のデータ: アドレス帳 {people} 人、キャンペーン {campaigns} 件</translation>
        </message>
        <message>
            <source>Step 2 of 3: what happens</source>
            <translation>2/3 どうなるかを確かめる</translation>
        </message>
        <message>
            <source>The data that is here now is kept in a folder of its own; nothing is deleted.</source>
            <translation>今ここにあるデータは別のフォルダーに残し、何も消しません。</translation>
        </message>
        <message>
            <source>What was sent after {time} is not in the backup. So every campaign waits, paused, until you resume it: if the old computer went on sending, people would get the mail twice.</source>
            <translation>{time} より後に送ったメールの記録は、このバックアップに入っていません。前のパソコンが送り続けていた場合は二重に届くため、どのキャンペーンも、あなたが再開するまで止めておきます。</translation>
        </message>
        <message>
            <source>&amp;Restore</source>
            <translation>復元する(&amp;R)</translation>
        </message>
        <message>
            <source>Sending stops, then the backup is looked through and restored…</source>
            <translation>送信を止め、バックアップの中身を確かめて復元しています…</translation>
        </message>
        <message>
            <source>Step 3 of 3: done</source>
            <translation>3/3 復元しました</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>閉じる</translation>
        </message>
        <message>
            <source>The data of {time} is back.</source>
            <translation>{time} のデータに戻しました。</translation>
        </message>
        <message>
            <source>{number} campaigns are paused. Resume those of which you are sure.</source>
            <translation>{number} 件のキャンペーンを止めてあります。確かめてから再開してください。</translation>
        </message>
        <message>
            <source>{number} mails were under way just then; whether they arrived is unknown.</source>
            <translation>{number} 通はちょうど送っている最中で、届いたかどうか分かりません。</translation>
        </message>
        <message>
            <source>Enter the passwords of these routes again: {names}</source>
            <translation>次の経路のパスワードを入れ直してください: {names}</translation>
        </message>
        <message>
            <source>Make new signing keys for these senders: {names}</source>
            <translation>次の差出人の署名の鍵を作り直してください: {names}</translation>
        </message>
        <message>
            <source>The data of before is in {path}.</source>
            <translation>これまでのデータは {path} にあります。</translation>
        </message>
        <message>
            <source>There is nothing left for you to do.</source>
            <translation>ほかにすることはありません。</translation>
        </message>
        <message>
            <source>Nothing was sent since the file was made, so sending goes on where it stopped. Restore this file on one computer only: restored on two, both would send and people would get the mail twice.</source>
            <translation>ファイルを作った後は何も送られていないため、送信は止まったところから続きます。このファイルは 1 台のパソコンだけで復元してください。2 台で復元すると両方から送られ、同じメールが二重に届きます。</translation>
        </message>
        <message>
            <source>These attachments are missing. Choose them again in the templates: {names}</source>
            <translation>次の添付ファイルがありません。テンプレートで選び直してください: {names}</translation>
        </message>
        <message>
            <source>If mail is sent from there, do not resume any campaign here.</source>
            <translation>そちらから送っている場合は、ここでキャンペーンを再開しないでください。</translation>
        </message>
        <message>
            <source>This file was restored before.</source>
            <translation>このファイルは、すでに一度復元されています。</translation>
        </message>
        <message>
            <source>This file was used on the computer “{computer}” before: {time}.</source>
            <translation>このファイルは、すでにパソコン「{computer}」で使われています({time})。</translation>
        </message>
    </context>
    <context>
        <name>ResumeDialog</name>
        <message>
            <source>Go on with “{name}”?</source>
            <translation>「{name}」を再開しますか?</translation>
        </message>
        <message>
            <source>If the other computer went on sending, these {number} people may get the mail twice. If it still works, look there first: a file for moving, made there and restored here, goes on without doubt.</source>
            <translation>もう一台のパソコンが送り続けていた場合、この {number} 人に二重に届くことがあります。そのパソコンがまだ動くなら、先に確かめてください。そこで引っ越し用のファイルを作ってここで復元すれば、二重に送る心配なく続けられます。</translation>
        </message>
        <message>
            <source>&amp;Send to these people</source>
            <translation>この人たちに送る(&amp;S)</translation>
        </message>
        <message>
            <source>Leave it paused</source>
            <translation>止めたままにする</translation>
        </message>
    </context>
    <context>
        <name>WarmupField</name>
        <message>
            <source>Begin with &amp;few mails a day, and grow</source>
            <translation>少ない通数から始めて、毎日増やす(&amp;F)</translation>
        </message>
        <message>
            <source>Mails on the first day</source>
            <translation>初日の通数</translation>
        </message>
        <message>
            <source> on the first day</source>
            <translation> 通(初日)</translation>
        </message>
        <message>
            <source>Mails a day in the end</source>
            <translation>最後の1日の通数</translation>
        </message>
        <message>
            <source> a day in the end</source>
            <translation> 通(最後の1日)</translation>
        </message>
        <message>
            <source>Days until then</source>
            <translation>増やしきるまでの日数</translation>
        </message>
        <message>
            <source> days until then</source>
            <translation> 日かけて増やす</translation>
        </message>
        <message>
            <source>day {day}: {n}</source>
            <translation>{day} 日目 {n} 通</translation>
        </message>
    </context>
</TS>
