<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
    <context>
        <name>Acting</name>
        <message>
            <source>Send now</source>
            <translation>今すぐ送る</translation>
        </message>
        <message>
            <source>{path} is being written…</source>
            <translation>{path} に書き出しています…</translation>
        </message>
        <message>
            <source>Nobody is left to send to.</source>
            <translation>送る相手はもういません。</translation>
        </message>
        <message numerus="yes">
            <source>%Ln people are sent to when the campaign goes on.</source>
            <translation>
                <numerusform>%Ln 人には、キャンペーンが動きだしたら送ります。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln people are being sent to now.</source>
            <translation>
                <numerusform>%Ln 人に送り始めました。</numerusform>
            </translation>
        </message>
        <message>
            <source>The record was copied.</source>
            <translation>記録をコピーしました。</translation>
        </message>
        <message>
            <source>Export the queue</source>
            <translation>送信キューの書き出し</translation>
        </message>
        <message>
            <source>Spreadsheet (*.csv)</source>
            <translation>表計算用ファイル (*.csv)</translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows were written to {path}.</source>
            <translation>
                <numerusform>{path} に %Ln 行を書き出しました。</numerusform>
            </translation>
        </message>
        <message>
            <source> ({reasons})</source>
            <translation>({reasons})</translation>
        </message>
    </context>
    <context>
        <name>Actions</name>
        <message>
            <source>Campaign</source>
            <translation>キャンペーン</translation>
        </message>
        <message>
            <source>&amp;Export…</source>
            <translation>書き出し(&amp;E)…</translation>
        </message>
        <message>
            <source>Send to the &amp;missing</source>
            <translation>足りない人に送る(&amp;M)</translation>
        </message>
        <message numerus="yes">
            <source>Retry all who wait now (%Ln)</source>
            <translation>
                <numerusform>再送待ちの %Ln 人に、いま送る</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Again to the unknown (%Ln)…</source>
            <translation>
                <numerusform>不明の %Ln 人に、もう一度送る…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>To those held (%Ln)…</source>
            <translation>
                <numerusform>保留の %Ln 人に送る…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Again to the expired (%Ln)…</source>
            <translation>
                <numerusform>期限切れの %Ln 人に、もう一度送る…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>To those cancelled (%Ln)…</source>
            <translation>
                <numerusform>中止した %Ln 人に送る…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {seconds} seconds %Ln people are sent to again. Some of them may have it already.</source>
            <translation>
                <numerusform>{seconds} 秒後に %Ln 人へもう一度送ります。すでに届いている人には2通目になります。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {seconds} seconds %Ln people are sent to.</source>
            <translation>
                <numerusform>{seconds} 秒後に %Ln 人へ送ります。</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Application</name>
        <message>
            <source>Sending goes on where it was interrupted: {names}</source>
            <translation>途中で止まっていた送信を続けます: {names}</translation>
        </message>
        <message>
            <source>See the monitor</source>
            <translation>送信モニターを見る</translation>
        </message>
        <message>
            <source>, </source>
            <translation>、</translation>
        </message>
        <message>
            <source>Ending the messages under way…</source>
            <translation>送りかけのメールを終えています…</translation>
        </message>
        <message>
            <source>Sending goes on</source>
            <translation>送信を続けています</translation>
        </message>
        <message>
            <source>The engine works on without the window. Click here to see how far it is.</source>
            <translation>画面を閉じても送信は続きます。ここを押すと進み具合を見られます。</translation>
        </message>
        <message>
            <source>The engine goes on sending without this window. Open it again any time to see how far it is.</source>
            <translation>この画面を閉じても、送信は続きます。進み具合は、いつでも開き直して見られます。</translation>
        </message>
        <message>
            <source>Close the window</source>
            <translation>画面を閉じる</translation>
        </message>
        <message>
            <source>&amp;Show the window</source>
            <translation>画面を開く(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Quit; sending goes on</source>
            <translation>終了する(送信は続けます)(&amp;Q)</translation>
        </message>
        <message>
            <source>What was written cannot be saved like this.</source>
            <translation>書いた内容を、このままでは保存できません。</translation>
        </message>
        <message>
            <source>Close without saving</source>
            <translation>保存せずに閉じる</translation>
        </message>
    </context>
    <context>
        <name>AttentionList</name>
        <message numerus="yes">
            <source>{name}: it is unknown whether %Ln people got the mail.</source>
            <translation>
                <numerusform>{name}: %Ln 人は、届いたかどうかがわかりません。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: %Ln people are held back, for example without consent.</source>
            <translation>
                <numerusform>{name}: %Ln 人を保留しています(同意の記録がないなど)。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: unusually many bounced (%Ln). Look through the list.</source>
            <translation>
                <numerusform>{name}: 届かなかった人が多めです(%Ln 人)。名簿を見直しましょう。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name} is paused; %Ln people still wait.</source>
            <translation>
                <numerusform>{name} は一時停止中です。%Ln 人が待っています。</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: %Ln lanes were stopped and need you ({lanes}).</source>
            <translation>
                <numerusform>{name}: %Ln 本のレーンが止まり、あなたの判断を待っています({lanes})。</numerusform>
            </translation>
        </message>
        <message>
            <source>“{route}” wants you to sign in again; {name} waits for it.</source>
            <translation>「{route}」にもう一度サインインしてください。{name} が待っています。</translation>
        </message>
        <message>
            <source>Nobody has signed in to “{route}” yet, so no mail can go over it.</source>
            <translation>「{route}」にまだサインインしていないため、この経路からは送れません。</translation>
        </message>
        <message>
            <source>{name}: {sentence}</source>
            <translation>{name}: {sentence}</translation>
        </message>
        <message>
            <source>Sign in</source>
            <translation>サインイン</translation>
        </message>
        <message>
            <source>To the route</source>
            <translation>経路の設定へ</translation>
        </message>
        <message>
            <source>To the monitor</source>
            <translation>モニターへ</translation>
        </message>
        <message>
            <source>See who</source>
            <translation>誰かを見る</translation>
        </message>
        <message>
            <source>Account “{account}” has used up its quota until {time}.</source>
            <translation>アカウント「{account}」は送信枠を使い切り、{time} まで送れません。</translation>
        </message>
        <message>
            <source>Account “{account}” rests until {time}.</source>
            <translation>アカウント「{account}」は {time} まで休みます。</translation>
        </message>
        <message>
            <source>Account “{account}” cannot be used.</source>
            <translation>アカウント「{account}」は、いま使えません。</translation>
        </message>
        <message>
            <source>Meanwhile mail goes over {others}.</source>
            <translation>その間は「{others}」で送ります。</translation>
        </message>
        <message>
            <source>, </source>
            <translation>」「</translation>
        </message>
        <message>
            <source>The warm-up of “{account}” allows no more mail until {time}.</source>
            <translation>アカウント「{account}」の慣らし送信は、今日の分を送り終えました。{time} に続けます。</translation>
        </message>
    </context>
    <context>
        <name>Board</name>
        <message>
            <source>Accepted</source>
            <translation>受け付け済み</translation>
        </message>
        <message>
            <source>Remaining</source>
            <translation>残り</translation>
        </message>
        <message>
            <source>Bounced</source>
            <translation>届かなかった</translation>
        </message>
        <message>
            <source>Unknown</source>
            <translation>不明</translation>
        </message>
        <message>
            <source>Pace now</source>
            <translation>いまの速さ</translation>
        </message>
        <message>
            <source>Finished at</source>
            <translation>終了予定</translation>
        </message>
        <message>
            <source>Lanes and pace</source>
            <translation>レーンと速さ</translation>
        </message>
        <message>
            <source>Accepted in the last hour</source>
            <translation>この60分の受け付け</translation>
        </message>
        <message>
            <source>60 min ago</source>
            <translation>60分前</translation>
        </message>
        <message>
            <source>now</source>
            <translation>いま</translation>
        </message>
        <message>
            <source>{n}/min</source>
            <translation>{n} 通/分</translation>
        </message>
    </context>
    <context>
        <name>CampaignLine</name>
        <message>
            <source>starts {time}</source>
            <translation>開始予定 {time}</translation>
        </message>
        <message>
            <source>Practice</source>
            <translation>練習</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>見る</translation>
        </message>
        <message>
            <source>Show {name}</source>
            <translation>{name} を見る</translation>
        </message>
        <message>
            <source>{n} accepted ({share})</source>
            <translation>受け付け {n} 人({share})</translation>
        </message>
        <message>
            <source>{n} bounced</source>
            <translation>届かなかった {n} 人</translation>
        </message>
        <message>
            <source>{n} still to go</source>
            <translation>残り {n} 人</translation>
        </message>
        <message>
            <source>{n} unknown</source>
            <translation>不明 {n} 人</translation>
        </message>
    </context>
    <context>
        <name>CompactMonitor</name>
        <message>
            <source>Desktop Relay: sending</source>
            <translation>Desktop Relay: 送信中</translation>
        </message>
        <message>
            <source>&amp;Large</source>
            <translation>大きく(&amp;L)</translation>
        </message>
    </context>
    <context>
        <name>Content</name>
        <message>
            <source>Recipients</source>
            <translation>宛先</translation>
        </message>
        <message>
            <source>Nobody matches</source>
            <translation>あてはまる人がいません</translation>
        </message>
        <message>
            <source>Change the search or the filter.</source>
            <translation>検索の言葉か、絞り込みを変えてください。</translation>
        </message>
    </context>
    <context>
        <name>CountdownNotice</name>
        <message>
            <source>Call off</source>
            <translation>やめる</translation>
        </message>
    </context>
    <context>
        <name>EndChoice</name>
        <message>
            <source>How long</source>
            <translation>いつまで</translation>
        </message>
        <message>
            <source>until I change it</source>
            <translation>変えるまで</translation>
        </message>
        <message>
            <source>for 15 minutes</source>
            <translation>15分間</translation>
        </message>
        <message>
            <source>for an hour</source>
            <translation>1時間</translation>
        </message>
        <message>
            <source>for 3 hours</source>
            <translation>3時間</translation>
        </message>
        <message>
            <source>until a time…</source>
            <translation>時刻まで…</translation>
        </message>
        <message>
            <source>Until what time</source>
            <translation>終わりの時刻</translation>
        </message>
    </context>
    <context>
        <name>EngineNotice</name>
        <message>
            <source>The engine is starting…</source>
            <translation>エンジンを起動しています…</translation>
        </message>
        <message>
            <source>The engine is at rest, so nothing is being sent.</source>
            <translation>エンジンが止まっているため、送信は進んでいません。</translation>
        </message>
        <message>
            <source>Start the engine</source>
            <translation>エンジンを動かす</translation>
        </message>
    </context>
    <context>
        <name>Filters</name>
        <message>
            <source>Search address, name, reply</source>
            <translation>宛先・氏名・応答をさがす</translation>
        </message>
        <message>
            <source>All</source>
            <translation>すべて</translation>
        </message>
        <message>
            <source>All &amp;lanes</source>
            <translation>すべてのレーン(&amp;L)</translation>
        </message>
        <message>
            <source>All lanes</source>
            <translation>すべてのレーン</translation>
        </message>
        <message>
            <source>For {n} smaller ones, search</source>
            <translation>ほかの小さな {n} レーンは検索で</translation>
        </message>
    </context>
    <context>
        <name>Header</name>
        <message>
            <source>Campaign</source>
            <translation>キャンペーン</translation>
        </message>
        <message>
            <source>S&amp;mall form</source>
            <translation>小さく表示(&amp;M)</translation>
        </message>
        <message>
            <source>&amp;Pause</source>
            <translation>一時停止(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Cancel sending</source>
            <translation>中止(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Go on</source>
            <translation>再開(&amp;G)</translation>
        </message>
    </context>
    <context>
        <name>LaneBoard</name>
        <message>
            <source>Lanes</source>
            <translation>レーン</translation>
        </message>
        <message>
            <source>Lane (carrier)</source>
            <translation>レーン(キャリア)</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>進み</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>いま</translation>
        </message>
        <message>
            <source>Last hour</source>
            <translation>この60分</translation>
        </message>
        <message>
            <source>State and reason</source>
            <translation>状態と理由</translation>
        </message>
        <message>
            <source>Done at</source>
            <translation>終了予定</translation>
        </message>
        <message>
            <source>Smaller ones that are not listed: {n}</source>
            <translation>このほかの小さなレーン: {n}</translation>
        </message>
    </context>
    <context>
        <name>LaneDetail</name>
        <message>
            <source>Close</source>
            <translation>閉じる</translation>
        </message>
        <message>
            <source>&amp;Send on anyway</source>
            <translation>承知のうえで送る(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Leave stopped</source>
            <translation>止めたままにする(&amp;L)</translation>
        </message>
        <message>
            <source>Numbers in force</source>
            <translation>いまの上限</translation>
        </message>
        <message>
            <source>Learned</source>
            <translation>学んだこと</translation>
        </message>
        <message>
            <source>Answers that changed the pace</source>
            <translation>速さを変えた応答</translation>
        </message>
        <message>
            <source>None so far.</source>
            <translation>まだありません。</translation>
        </message>
        <message>
            <source>Why this pace? {lane}</source>
            <translation>{lane} がこの速さで送る理由</translation>
        </message>
        <message>
            <source>Nothing yet: the carrier never complained.</source>
            <translation>まだありません。断られたことがないためです。</translation>
        </message>
        <message>
            <source>Source: {text}</source>
            <translation>根拠: {text}</translation>
        </message>
        <message>
            <source>Why {lane} was stopped</source>
            <translation>{lane} への送信を止めた理由</translation>
        </message>
    </context>
    <context>
        <name>LaneRow</name>
        <message>
            <source>Close</source>
            <translation>閉じる</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>開く</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>再開</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>Decide</source>
            <translation>確かめる</translation>
        </message>
        <message>
            <source>Why this pace?</source>
            <translation>この速さの理由</translation>
        </message>
        <message>
            <source>Why this pace? {lane}</source>
            <translation>この速さの理由: {lane}</translation>
        </message>
    </context>
    <context>
        <name>LaneSteering</name>
        <message>
            <source>{lane} stands still until {time}.</source>
            <translation>{lane} への送信を {time} まで止めました。</translation>
        </message>
        <message>
            <source>{lane} stands still.</source>
            <translation>{lane} への送信を止めました。</translation>
        </message>
        <message>
            <source>{lane} goes at {rate} at most until {time}.</source>
            <translation>{lane} への送信を {time} まで {rate} に抑えます。</translation>
        </message>
        <message>
            <source>{lane} goes at {rate} at most.</source>
            <translation>{lane} への送信を {rate} に抑えます。</translation>
        </message>
        <message>
            <source>{lane} goes at its usual pace again.</source>
            <translation>{lane} への送信をいつもの速さに戻しました。</translation>
        </message>
        <message>
            <source>{lane} goes on.</source>
            <translation>{lane} への送信を再開しました。</translation>
        </message>
    </context>
    <context>
        <name>LedgerModel</name>
        <message>
            <source>Address</source>
            <translation>宛先</translation>
        </message>
        <message>
            <source>Lane</source>
            <translation>レーン</translation>
        </message>
        <message>
            <source>State</source>
            <translation>状態</translation>
        </message>
        <message>
            <source>Tries</source>
            <translation>回数</translation>
        </message>
        <message>
            <source>Answer</source>
            <translation>相手の応答</translation>
        </message>
        <message>
            <source>Next / done</source>
            <translation>次 / 済</translation>
        </message>
    </context>
    <context>
        <name>LetterDialog</name>
        <message>
            <source>Mail to {address}</source>
            <translation>{address} 宛のメール</translation>
        </message>
        <message>
            <source>Parts of the mail</source>
            <translation>メールの部分</translation>
        </message>
        <message>
            <source>Text</source>
            <translation>本文</translation>
        </message>
        <message>
            <source>Headers</source>
            <translation>ヘッダー</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Pages</source>
            <translation>ページ</translation>
        </message>
        <message>
            <source>Home</source>
            <translation>ホーム</translation>
        </message>
        <message>
            <source>Address book</source>
            <translation>アドレス帳</translation>
        </message>
        <message>
            <source>Templates</source>
            <translation>テンプレート</translation>
        </message>
        <message>
            <source>Campaigns</source>
            <translation>キャンペーン</translation>
        </message>
        <message>
            <source>Queue</source>
            <translation>送信キュー</translation>
        </message>
        <message>
            <source>Monitor</source>
            <translation>送信モニター</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>設定</translation>
        </message>
        <message>
            <source>This page is not part of this version.</source>
            <translation>このページは、この版にはまだありません。</translation>
        </message>
        <message>
            <source>Engine running</source>
            <translation>エンジン 稼働中</translation>
        </message>
        <message>
            <source>Engine is starting…</source>
            <translation>エンジンを起動しています…</translation>
        </message>
        <message>
            <source>Engine at rest</source>
            <translation>エンジン 休止中</translation>
        </message>
        <message>
            <source>Sending</source>
            <translation>送信中</translation>
        </message>
        <message>
            <source>Practice
No real person receives it</source>
            <translation>練習中
本物の相手には届きません</translation>
        </message>
        <message>
            <source>Sending to real people</source>
            <translation>本番の送信中</translation>
        </message>
    </context>
    <context>
        <name>Monitor</name>
        <message>
            <source>{n} others</source>
            <translation>その他 {n}社</translation>
        </message>
        <message>
            <source>each at a pace of its own</source>
            <translation>接続先ごとの速さで送っています</translation>
        </message>
        <message>
            <source>{n} of them, among them {lane}</source>
            <translation>{lane} など {n}社</translation>
        </message>
        <message>
            <source>no limit</source>
            <translation>上限なし</translation>
        </message>
        <message>
            <source>limit {rate}</source>
            <translation>上限 {rate}</translation>
        </message>
        <message>
            <source>Started {time}</source>
            <translation>開始 {time}</translation>
        </message>
        <message>
            <source>Not started yet</source>
            <translation>まだ始まっていません</translation>
        </message>
        <message>
            <source>Starts {time}</source>
            <translation>開始予定 {time}</translation>
        </message>
        <message>
            <source>from {sender}</source>
            <translation>差出人 {sender}</translation>
        </message>
        <message>
            <source>practice, {speed} times faster</source>
            <translation>練習・{speed}倍速</translation>
        </message>
        <message>
            <source>practice, as fast as in earnest</source>
            <translation>練習・本番と同じ速さ</translation>
        </message>
        <message>
            <source>by {route}</source>
            <translation>経路 {route}</translation>
        </message>
        <message>
            <source>of these {n} will be retried</source>
            <translation>うち再送待ち {n}</translation>
        </message>
        <message>
            <source>a person must decide</source>
            <translation>確かめてください</translation>
        </message>
        <message>
            <source>nothing in doubt</source>
            <translation>ありません</translation>
        </message>
        <message>
            <source>average of one minute</source>
            <translation>この1分の平均</translation>
        </message>
        <message>
            <source>finished</source>
            <translation>終わりました</translation>
        </message>
        <message>
            <source>{lane} comes last ({limit})</source>
            <translation>最後は {lane}({limit})</translation>
        </message>
        <message>
            <source>paused</source>
            <translation>一時停止中</translation>
        </message>
        <message>
            <source>not known yet</source>
            <translation>まだわかりません</translation>
        </message>
        <message>
            <source>{lane} was stopped. {why}</source>
            <translation>{lane} への送信を止めました。{why}</translation>
        </message>
        <message>
            <source>set by you</source>
            <translation>あなたの設定</translation>
        </message>
        <message>
            <source>Pace</source>
            <translation>速さ</translation>
        </message>
        <message>
            <source>Connections</source>
            <translation>同時接続</translation>
        </message>
        <message>
            <source>{now} of {most}</source>
            <translation>{now} / {most} 本</translation>
        </message>
        <message>
            <source>Mails per connection</source>
            <translation>1接続の通数</translation>
        </message>
        <message>
            <source>Per hour</source>
            <translation>1時間</translation>
        </message>
        <message>
            <source>Per day</source>
            <translation>1日</translation>
        </message>
        <message>
            <source>Pace now</source>
            <translation>いまの速さ</translation>
        </message>
        <message>
            <source>{share} of it</source>
            <translation>上限の {share}</translation>
        </message>
        <message>
            <source>Ceiling found</source>
            <translation>断られた速さ</translation>
        </message>
        <message>
            <source>Pauses in a row</source>
            <translation>続けて休んだ回数</translation>
        </message>
        <message>
            <source>each longer</source>
            <translation>毎回長くなります</translation>
        </message>
        <message>
            <source>Rests until</source>
            <translation>休みの終わり</translation>
        </message>
        <message>
            <source>rest until {time}</source>
            <translation>{time} まで休み</translation>
        </message>
        <message>
            <source>fewer connections</source>
            <translation>接続を減らす</translation>
        </message>
        <message>
            <source>full mailboxes, tried until {time}: {n}</source>
            <translation>満杯の {n} 件は {time} まで送り直します</translation>
        </message>
        <message>
            <source>{lane} comes last</source>
            <translation>最後は {lane}</translation>
        </message>
    </context>
    <context>
        <name>Notice</name>
        <message>
            <source>Close this message</source>
            <translation>この知らせを閉じる</translation>
        </message>
    </context>
    <context>
        <name>PaceControl</name>
        <message>
            <source>&amp;Back to the usual pace</source>
            <translation>いつもの速さに戻す(&amp;B)</translation>
        </message>
        <message>
            <source>Change this lane's pace</source>
            <translation>このレーンの速さを変える</translation>
        </message>
        <message>
            <source>Pace of {lane}</source>
            <translation>{lane} への速さ</translation>
        </message>
        <message>
            <source>G&amp;o on with this lane</source>
            <translation>このレーンを再開(&amp;O)</translation>
        </message>
        <message>
            <source>&amp;Stop this lane</source>
            <translation>このレーンを停止(&amp;S)</translation>
        </message>
        <message>
            <source> a second</source>
            <translation> 通/秒</translation>
        </message>
        <message>
            <source> a minute</source>
            <translation> 通/分</translation>
        </message>
        <message>
            <source>no limit</source>
            <translation>上限なし</translation>
        </message>
        <message>
            <source>The usual pace: {rate}.</source>
            <translation>いつもの速さは {rate} です。</translation>
        </message>
        <message>
            <source>The usual pace: {rate}. Your change holds until {time}.</source>
            <translation>いつもの速さは {rate} です。変更は {time} に終わり、いつもの速さに戻ります。</translation>
        </message>
        <message>
            <source>The usual pace: {rate}. Your change holds until you change it again.</source>
            <translation>いつもの速さは {rate} です。変更は、次に変えるまで続きます。</translation>
        </message>
    </context>
    <context>
        <name>Page</name>
        <message>
            <source>Home</source>
            <translation>ホーム</translation>
        </message>
        <message>
            <source>&amp;New campaign</source>
            <translation>新しいキャンペーン(&amp;N)</translation>
        </message>
        <message>
            <source>The first steps</source>
            <translation>はじめの手順</translation>
        </message>
        <message>
            <source>Campaigns</source>
            <translation>キャンペーン</translation>
        </message>
        <message>
            <source>{n} people in the address book</source>
            <translation>アドレス帳 {n} 人</translation>
        </message>
        <message>
            <source>A sample list is being prepared…</source>
            <translation>見本の名簿を用意しています…</translation>
        </message>
        <message>
            <source>Queue</source>
            <translation>送信キュー</translation>
        </message>
        <message>
            <source>Nothing was sent yet</source>
            <translation>まだ何も送っていません</translation>
        </message>
        <message>
            <source>After the first campaign, every recipient stands here with what became of the mail.</source>
            <translation>キャンペーンを送ると、一人ひとりの結果がここに並びます。</translation>
        </message>
        <message>
            <source>To the campaigns</source>
            <translation>キャンペーンへ</translation>
        </message>
        <message>
            <source>{name} · {n} recipients</source>
            <translation>{name} · {n} 件</translation>
        </message>
        <message>
            <source>Monitor</source>
            <translation>送信モニター</translation>
        </message>
        <message>
            <source>While a campaign is being sent, you see here how far it is and why it goes at its pace.</source>
            <translation>送信が始まると、進み具合と、その速さの理由がここでわかります。</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>再開する</translation>
        </message>
        <message>
            <source>In {seconds} seconds the rest of this campaign is cancelled. What was sent stays sent.</source>
            <translation>{seconds} 秒後に残りの送信を中止します。送ったものは取り消せません。</translation>
        </message>
        <message>
            <source>Cancel it now</source>
            <translation>今すぐ中止する</translation>
        </message>
    </context>
    <context>
        <name>Queue</name>
        <message>
            <source>Try {n}</source>
            <translation>{n}回目</translation>
        </message>
        <message>
            <source>not encrypted</source>
            <translation>暗号化なし</translation>
        </message>
        <message>
            <source>never ended: the engine stopped in between</source>
            <translation>途中でエンジンが止まり、終わっていません</translation>
        </message>
    </context>
    <context>
        <name>RecipientPanel</name>
        <message>
            <source>Recipient</source>
            <translation>宛先</translation>
        </message>
        <message>
            <source>Choose a row to see what happened to that person's mail.</source>
            <translation>行を選ぶと、その人のメールがどうなったかがわかります。</translation>
        </message>
        <message>
            <source>Conversation</source>
            <translation>やりとり</translation>
        </message>
        <message>
            <source>Conversation with the server</source>
            <translation>相手のサーバーとのやりとり</translation>
        </message>
        <message>
            <source>Send &amp;now</source>
            <translation>いま送る(&amp;N)</translation>
        </message>
        <message>
            <source>&amp;Read the mail</source>
            <translation>メールを見る(&amp;R)</translation>
        </message>
        <message>
            <source>Copy the re&amp;cord</source>
            <translation>記録をコピー(&amp;C)</translation>
        </message>
        <message>
            <source>Who: {text}</source>
            <translation>誰が: {text}</translation>
        </message>
        <message>
            <source>Why: {text}</source>
            <translation>なぜ: {text}</translation>
        </message>
        <message>
            <source>What now: {text}</source>
            <translation>どうする: {text}</translation>
        </message>
        <message>
            <source>There was no conversation yet.</source>
            <translation>まだやりとりはありません。</translation>
        </message>
    </context>
    <context>
        <name>ReplyBar</name>
        <message>
            <source>Newest reply</source>
            <translation>最新の応答</translation>
        </message>
        <message>
            <source>See in the &amp;queue</source>
            <translation>キューで見る(&amp;Q)</translation>
        </message>
        <message>
            <source>No server has refused or put off anything lately.</source>
            <translation>最近、断られたり先送りされたりした応答はありません。</translation>
        </message>
    </context>
    <context>
        <name>SidePanel</name>
        <message>
            <source>Fold this column</source>
            <translation>この列をたたむ</translation>
        </message>
        <message>
            <source>Unfold this column</source>
            <translation>この列を開く</translation>
        </message>
    </context>
    <context>
        <name>Standing</name>
        <message>
            <source>Campaigns</source>
            <translation>キャンペーン</translation>
        </message>
    </context>
    <context>
        <name>States</name>
        <message>
            <source>Waiting</source>
            <translation>待機</translation>
        </message>
        <message>
            <source>Next in line</source>
            <translation>順番待ち</translation>
        </message>
        <message>
            <source>Being sent</source>
            <translation>送信中</translation>
        </message>
        <message>
            <source>Accepted</source>
            <translation>受け付け</translation>
        </message>
        <message>
            <source>Will retry</source>
            <translation>再送待ち</translation>
        </message>
        <message>
            <source>Bounced</source>
            <translation>届かず</translation>
        </message>
        <message>
            <source>Suppressed</source>
            <translation>送らない人</translation>
        </message>
        <message>
            <source>Held</source>
            <translation>保留</translation>
        </message>
        <message>
            <source>Expired</source>
            <translation>期限切れ</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>中止</translation>
        </message>
        <message>
            <source>Unknown</source>
            <translation>不明</translation>
        </message>
        <message>
            <source>Draft</source>
            <translation>下書き</translation>
        </message>
        <message>
            <source>Sent, no record</source>
            <translation>送信済み・記録なし</translation>
        </message>
        <message>
            <source>Planned</source>
            <translation>送信予定</translation>
        </message>
        <message>
            <source>Sending</source>
            <translation>送信中</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>一時停止中</translation>
        </message>
        <message>
            <source>Finished</source>
            <translation>完了</translation>
        </message>
        <message>
            <source>Going well</source>
            <translation>順調</translation>
        </message>
        <message>
            <source>Slowed down</source>
            <translation>控えめ</translation>
        </message>
        <message>
            <source>Resting</source>
            <translation>休止中</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>停止中</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>完了</translation>
        </message>
        <message>
            <source>Needs you</source>
            <translation>確認待ち</translation>
        </message>
    </context>
    <context>
        <name>StepCard</name>
        <message>
            <source>{title}: done</source>
            <translation>{title}: 済み</translation>
        </message>
    </context>
    <context>
        <name>Steps</name>
        <message>
            <source>Your address book stays on this PC. In practice mode nothing reaches real people.</source>
            <translation>名簿はこのパソコンの中だけにあります。練習では、本物の相手には届きません。</translation>
        </message>
        <message>
            <source>No list at hand? &amp;Practise with a sample list</source>
            <translation>名簿がまだなくても、見本の名簿で練習できます(&amp;P)</translation>
        </message>
        <message>
            <source>Welcome. Let us practise sending first.</source>
            <translation>ようこそ。まず、練習で送ってみましょう。</translation>
        </message>
        <message>
            <source>Practised. Now for the real thing.</source>
            <translation>練習ができました。次は本番の準備です。</translation>
        </message>
        <message>
            <source>Bring in your list</source>
            <translation>名簿を入れる</translation>
        </message>
        <message>
            <source>Choose what to write</source>
            <translation>文面を選ぶ</translation>
        </message>
        <message>
            <source>Practise sending</source>
            <translation>練習で送る</translation>
        </message>
        <message>
            <source>Get ready for real sending</source>
            <translation>本番の準備</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>送る</translation>
        </message>
        <message>
            <source>People in the address book: {n}</source>
            <translation>アドレス帳に {n} 人います</translation>
        </message>
        <message>
            <source>Templates at hand: {n}</source>
            <translation>テンプレートが {n} 件あります</translation>
        </message>
        <message>
            <source>A CSV file from Excel or your old program will do</source>
            <translation>Excel や、いまお使いのソフトから書き出した CSV で大丈夫です</translation>
        </message>
        <message>
            <source>Start from a ready-made letter and change it as you like</source>
            <translation>ひな形から選べます。あとで自由に直せます</translation>
        </message>
        <message>
            <source>To carriers that only pretend to be docomo, au, SoftBank, Gmail …, just as in earnest</source>
            <translation>ドコモ・au・ソフトバンク・Gmail… のまねをする相手に、本番と同じ動きで送ります</translation>
        </message>
        <message>
            <source>Set up the mail server (company, provider, Gmail, Microsoft 365 …) and the proof of the sender (SPF, DKIM, DMARC)</source>
            <translation>メールサーバー(会社・プロバイダー・Gmail・Microsoft 365 など)と、なりすまし対策(SPF・DKIM・DMARC)を設定します</translation>
        </message>
        <message>
            <source>Everything is checked first, and you see when it will be finished</source>
            <translation>送る前にすべてを確かめ、いつ終わるかを示します</translation>
        </message>
        <message>
            <source>Look through</source>
            <translation>見直す</translation>
        </message>
        <message>
            <source>Import a list</source>
            <translation>名簿を取り込む</translation>
        </message>
        <message>
            <source>See the templates</source>
            <translation>ひな形を見る</translation>
        </message>
        <message>
            <source>Begin to practise</source>
            <translation>練習をはじめる</translation>
        </message>
        <message>
            <source>Begin the setup</source>
            <translation>設定をはじめる</translation>
        </message>
        <message>
            <source>Make a campaign</source>
            <translation>キャンペーンを作る</translation>
        </message>
    </context>
    <context>
        <name>Telling</name>
        <message>
            <source>&amp;Decide</source>
            <translation>確かめる(&amp;D)</translation>
        </message>
        <message>
            <source>Send the rest &amp;now</source>
            <translation>待たずに残りを送る(&amp;N)</translation>
        </message>
    </context>
    <context>
        <name>UndoBar</name>
        <message>
            <source>&amp;Undo</source>
            <translation>元に戻す(&amp;U)</translation>
        </message>
        <message>
            <source>Undo: {text}</source>
            <translation>元に戻す: {text}</translation>
        </message>
    </context>
    <context>
        <name>Wording</name>
        <message>
            <source>These attachments are not in it, since they were not found or are larger than 50 MB: {names}</source>
            <translation>次の添付ファイルは、見つからないか 50 MB を超えるため、入っていません: {names}</translation>
        </message>
        <message>
            <source>{rate}/s</source>
            <translation>{rate} 通/秒</translation>
        </message>
        <message>
            <source>{rate}/min</source>
            <translation>{rate} 通/分</translation>
        </message>
        <message>
            <source>tomorrow {time}</source>
            <translation>明日 {time}</translation>
        </message>
        <message>
            <source>now</source>
            <translation>いま</translation>
        </message>
        <message>
            <source>in {n} s</source>
            <translation>あと{n}秒</translation>
        </message>
        <message>
            <source>in {n} min</source>
            <translation>あと{n}分</translation>
        </message>
        <message>
            <source>in {n} h</source>
            <translation>あと{n}時間</translation>
        </message>
        <message>
            <source>in {n} days</source>
            <translation>あと{n}日</translation>
        </message>
    </context>
    <context>
        <name>BackupNotice</name>
        <message>
            <source>To the backups</source>
            <translation>バックアップへ</translation>
        </message>
        <message>
            <source>This data was moved to another computer, so nothing is sent from here.</source>
            <translation>このデータは別のパソコンへ引っ越したため、ここからは送りません。</translation>
        </message>
        <message>
            <source>There has been no backup for more than three days.</source>
            <translation>三日以上、バックアップができていません。</translation>
        </message>
        <message>
            <source>The last backup failed. {why}</source>
            <translation>前回のバックアップに失敗しました。{why}</translation>
        </message>
    </context>
    <context>
        <name>MeteredNotice</name>
        <message>
            <source>Mail goes out over a line that may be paid by volume.</source>
            <translation>通信量に応じて料金がかかる設定の回線で送っています。</translation>
        </message>
        <message>
            <source>Pause sending</source>
            <translation>送信を一時停止</translation>
        </message>
    </context>
</TS>
