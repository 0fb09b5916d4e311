"""The words that head the columns of contact tables, in Japanese and English, by the field they mean."""

from __future__ import annotations

from collections.abc import Mapping

WHOLE_FIELDS: Mapping[str, str] = {
    "email": (
        "メールアドレス 電子メール 電子メールアドレス メール mail email emailaddress mailaddress "
        "eメール eメールアドレス 連絡先メールアドレス pcメールアドレス 携帯メールアドレス メアド "
        "e-mail1value email1value 送信先 宛先 宛先アドレス 購読者メールアドレス "
        "お客様メールアドレス ご連絡先メールアドレス"
    ),
    "name": (
        "氏名 お名前 名前 姓名 御名前 ご氏名 name fullname 担当者 担当者名 ご担当者名 ご担当者 "
        "顧客名 お客様名 会員名 宛名 漢字氏名 氏名漢字 お名前漢字 contactname customername "
        "displayname 表示名"
    ),
    "kana": (
        "フリガナ ふりがな カナ かな よみ 読み仮名 よみがな ヨミガナ カナ氏名 氏名カナ "
        "氏名フリガナ お名前フリガナ お名前カナ 氏名かな 氏名ふりがな kana furigana namekana "
        "phonetic フリガナ名 ヨミ yominame"
    ),
    "honorific": "敬称 honorific 称号 salutation",
    "company": (
        "会社名 会社 企業名 企業 法人名 団体名 貴社名 御社名 勤務先 勤務先名 組織 組織名 所属 "
        "店名 店舗名 会社名団体名 company companyname organization organisation organizationname "
        "organization1name"
    ),
    "department": "部署 部署名 部門 部門名 所属部署 課 department section",
    "phone": (
        "電話番号 電話 tel 携帯電話 携帯電話番号 携帯番号 携帯 連絡先電話番号 phone phonenumber "
        "telephone mobile mobilephone ご連絡先電話番号 phone1value"
    ),
    "postal_code": "郵便番号 〒 郵便 zip zipcode postalcode postcode postal",
    "prefecture": "都道府県 都道府県名 県名 prefecture state",
    "address": "住所 ご住所 所在地 住所全体 address streetaddress",
    "birthday": "生年月日 誕生日 お誕生日 birthday dateofbirth birthdate",
    "notes": "備考 備考欄 メモ 摘要 コメント 特記事項 ノート notes note memo remarks comment comments",
    "consent_at": (
        "同意日 同意日時 同意日付 承諾日 承諾日時 許諾日 許諾日時 登録同意日 オプトイン日 "
        "オプトイン日時 配信同意日 メール配信同意日 consentat consentdate optindate optinat "
        "受信同意日"
    ),
    "consent_how": (
        "同意方法 承諾方法 許諾方法 同意経路 取得方法 取得経路 同意取得方法 オプトイン方法 "
        "consenthow consentmethod optinmethod"
    ),
    "consent_source": "同意元 同意記録 同意の記録 同意証跡 取得元 consentsource optinsource",
}
"""Headers of columns that hold a whole field, separated by spaces."""

FIELD_PARTS: Mapping[str, str] = {
    "name": (
        "姓 名 苗字 名字 氏 ミドルネーム お名前姓 お名前名 姓漢字 名漢字 氏名姓 氏名名 lastname "
        "firstname familyname givenname surname middlename"
    ),
    "kana": (
        "セイ メイ 姓カナ 名カナ 姓フリガナ 名フリガナ せい めい 姓かな 名かな カナ姓 カナ名 "
        "フリガナ姓 フリガナ名 お名前カナ姓 お名前カナ名 姓ふりがな 名ふりがな lastnamekana "
        "firstnamekana phoneticlastname phoneticfirstname surnameyomi givenyomi familynameyomi givennameyomi"
    ),
    "address": (
        "住所1 住所2 住所3 市区町村 市町村 市区郡 町名 番地 町名番地 丁目番地 建物名 建物 "
        "マンション名 ビル名 マンションビル名 address1 address2 city street"
    ),
}
"""Headers of columns that hold a part of a field; the parts are joined in the order of the columns."""

FAMILY_NAMES = (
    "姓 苗字 名字 氏 お名前姓 姓漢字 氏名姓 lastname familyname surname "
    "セイ 姓カナ 姓フリガナ せい 姓かな カナ姓 フリガナ姓 お名前カナ姓 姓ふりがな lastnamekana "
    "phoneticlastname surnameyomi familynameyomi"
)
"""Headers of those parts that come first in a Japanese name."""
