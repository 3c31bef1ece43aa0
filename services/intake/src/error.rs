//! How intake says no. Codes are published: they never change their meaning.

use db::StoreError;
use kernel::{ErrorDef, ErrorKind, Refusal, WhoActs};
use trust::SealError;

macro_rules! errors {
    ($($name:ident = $code:literal, $kind:ident, $acts:ident, $article:expr, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub static $name: ErrorDef = ErrorDef {
            code: $code, kind: ErrorKind::$kind, acts: WhoActs::$acts, article: $article, zh: $zh, en: $en,
        };)*
        /// Every refusal of intake.
        pub static ALL: &[&ErrorDef] = &[$(&$name,)*];
    };
}

errors! {
    NOT_ALLOWED = "intake_not_allowed", Forbidden, Administrator, None,
        "您的岗位不能办理此项登记业务；如确需办理，请联系本单位管理员授权。",
        "Your role may not do this at intake; ask your administrator for the right.";
    CHANNEL_NOT_YOURS = "channel_not_yours", Forbidden, Sender, Some("Art. 17"),
        "网上窗口只能登记网上、手机、微信信访和网上建议；其他形式请到信访窗口登记。",
        "The portal registers web, mobile, WeChat submissions and web suggestions alone; other channels go to the counter.";
    NO_SUCH_SUBMISSION = "no_such_submission", NotFound, Sender, None,
        "没有这件信访件，或者它不在您的查看范围内；请核对编号。",
        "There is no such submission, or it is not yours to see; check the number.";
    NO_SUCH_PAIR = "no_such_pair", NotFound, Petitioner, Some("Art. 21"),
        "编号或查询码不正确。请对照收件回执重新输入；回执遗失的，可持身份证件到信访窗口补打。",
        "Number or query code is not right. Type both as on the receipt; if it is lost, the counter prints it again.";
    NO_SUCH_ATTACHMENT = "no_such_attachment", NotFound, Sender, None,
        "没有这个附件，或者它不在您的查看范围内；请重新上传或核对。",
        "There is no such file, or it is not yours to see; upload it again or check.";
    NO_SUCH_PAPER = "no_such_paper", NotFound, Sender, None,
        "该信访事项没有这份文书；请刷新页面后再打开。",
        "The matter has no such paper; reload the page and open it again.";
    TEXT_OWED = "text_owed", Invalid, Sender, Some("Art. 19"),
        "“{field}”未填写；请写明后提交。",
        "`{field}` is empty; fill it in.";
    CLAIM_OWED = "claim_owed", Invalid, Sender, Some("Art. 19"),
        "请至少写明一项诉求。",
        "State at least one claim.";
    FIELD_TOO_LONG = "field_too_long", Invalid, Sender, None,
        "“{field}”超过 {most} 个字符；请精简，较长材料可作为附件上传。",
        "`{field}` is longer than {most} characters; shorten it, or attach the longer text as a file.";
    TOO_MANY_ENTRIES = "too_many_entries", Invalid, Sender, None,
        "“{field}”最多 {most} 项；请合并，或将名单作为附件上传。",
        "`{field}` takes {most} entries at most; merge them, or attach a list as a file.";
    NUL_IN_TEXT = "nul_in_text", Invalid, Sender, None,
        "“{field}”含有无法保存的控制字符（NUL）；请删除后重新提交。",
        "`{field}` holds the control character NUL; delete it and send again.";
    NAME_OWED = "name_owed", Invalid, Sender, Some("Art. 19"),
        "请填写信访人姓名（名称）；如匿名反映，请勾选“匿名”。",
        "Give the petitioner's name, or mark the submission anonymous.";
    ANONYMOUS_WITH_NAME = "anonymous_with_name", Invalid, Sender, None,
        "已勾选“匿名”，但又填写了身份信息；请清空身份信息，或取消“匿名”。",
        "The submission is marked anonymous and names somebody: clear the identity, or the mark.";
    HEADS_OUT_OF_RANGE = "heads_out_of_range", Invalid, Sender, None,
        "人数须在 {least} 到 {most} 之间，且不少于已列出的信访人数。",
        "The number of people lies between {least} and {most} and is not below those named.";
    RECEIVED_IN_FUTURE = "received_in_future", Invalid, Sender, None,
        "收到日期不能晚于今天；请改正。",
        "The day of receipt cannot lie in the future; correct it.";
    RECEIVED_TOO_LONG_AGO = "received_too_long_ago", Invalid, Office, Some("Art. 22"),
        "收到日期早于 {most} 天前，不能补登；请以今天为收到日期登记，并在正文中说明来件经过。",
        "The day of receipt is more than {most} days ago: nothing is back-dated. Register it as received today and tell in the text how it came.";
    RECEIVED_NOT_TODAY = "received_not_today", Invalid, Sender, None,
        "网上提交以今天为收到日期；请清空“收到日期”。",
        "What is sent by the portal is received today; clear the day of receipt.";
    WRITTEN_OUT_OF_RANGE = "written_out_of_range", Invalid, Sender, None,
        "落款日期不能晚于收到日期，也不能早于收到日期 {most} 年以上；请改正或留空。",
        "The date on the letter is not after its receipt and not more than {most} years before; correct it or leave it empty.";
    ACCUSED_WITHOUT_ACCUSATION = "accused_without_accusation", Invalid, Sender, Some("Art. 30"),
        "只有检举控告才填写被检举控告的单位；请改选信访目的，或清空该栏。",
        "Only an accusation names accused units; change the purpose or clear the field.";
    ID_KIND_OWED = "id_kind_owed", Invalid, Sender, None,
        "填写了证件号码，请同时选择证件种类。",
        "A number was given: choose the kind of the paper as well.";
    ID_SHAPE = "id_shape", Invalid, Sender, None,
        "居民身份证号码应为 18 位（17 位数字加一位数字或 X）；请对照证件改正。",
        "A citizen's number has 17 digits and a digit or X; compare it with the card.";
    ID_BIRTH_DATE = "id_birth_date", Invalid, Sender, None,
        "居民身份证号码中的出生日期不存在；请对照证件改正。",
        "The birth date inside the citizen's number is no possible date; compare it with the card.";
    CREDIT_CODE_SHAPE = "credit_code_shape", Invalid, Sender, None,
        "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）；请对照证照改正。",
        "A unified social credit code has 18 digits or letters (no I, O, S, V, Z); compare it with the licence.";
    IDEMPOTENCY_KEY_WRONG = "idempotency_key_wrong", Invalid, Sender, None,
        "请求号应为 1 到 200 个字符；请更换后重发。",
        "The idempotency key has 1 to 200 characters; send another.";
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", Conflict, Sender, None,
        "同一请求号已用于另一件登记，且内容不同；请返回表单重新提交（将使用新的请求号）。",
        "This idempotency key was used for another registration with other content; submit the form anew with a new key.";
    TOO_BUSY = "intake_too_busy", TooMany, Sender, None,
        "登记人数较多，请几秒后用同一页面重新提交，内容不会丢失。",
        "Too many registrations wait; submit again from the same page in a few seconds, nothing is lost.";
    NO_RULE_FOR_DAY = "no_rule_for_day", Internal, Operator, Some("Art. 22"),
        "期限规则中没有适用于该收到日期的转送期限，未作登记；请联系运维人员补充规则。",
        "The rules have no forwarding limit for that day, so nothing was recorded; the operator completes the profile.";
    FILE_NAME_WRONG = "file_name_wrong", Invalid, Sender, None,
        "文件名须为 1 到 {most} 个字符，且不含斜杠和控制字符；请改名后上传。",
        "A file's name has 1 to {most} characters and no slash or control character; rename it.";
    FILE_EMPTY = "file_empty", Invalid, Sender, None,
        "文件是空的；请检查后重新选择。",
        "The file is empty; choose another.";
    FILE_TOO_LARGE = "file_too_large", TooLarge, Sender, None,
        "单个文件不能超过 {most} MB；请压缩或拆分后上传。",
        "A file is at most {most} MB; compress or split it.";
    FILES_TOO_LARGE = "files_too_large", TooLarge, Sender, None,
        "全部附件合计不能超过 {most} MB；请减少附件。",
        "All files together are at most {most} MB; leave some out.";
    FILE_TYPE_REFUSED = "file_type_refused", Invalid, Sender, None,
        "不支持这种文件（按文件内容判断，不看扩展名）；可上传 PDF、JPG、PNG、MP3、MP4、TXT（UTF-8）、DOCX、XLSX，不含宏。",
        "This type of file is not taken (judged by its bytes, not its name): PDF, JPG, PNG, MP3, MP4, TXT in UTF-8, DOCX, XLSX without macros.";
    PIECE_WRONG_SIZE = "piece_wrong_size", Invalid, Sender, None,
        "上传分片大小不对：除最后一片外每片 {least}–{most} KB；请重新上传。",
        "A piece has the wrong size: {least} to {most} KB each, the last one excepted; upload again.";
    PIECE_OUT_OF_ORDER = "piece_out_of_order", Conflict, Sender, None,
        "上传分片次序不对，已收到 {received} 字节；请从该处继续。",
        "The piece does not continue the file; {received} bytes are here: go on from there.";
    PIECE_UNREADABLE = "piece_unreadable", Invalid, Sender, None,
        "上传分片不是有效的 Base64；请重新上传。",
        "The piece is not base64; upload it again.";
    OFFSET_OUTSIDE = "offset_outside", Invalid, Sender, None,
        "读取位置超出文件范围（共 {size} 字节）；请从头读取。",
        "The offset lies outside the file of {size} bytes; read it from the beginning.";
    ATTACHMENT_UNFINISHED = "attachment_unfinished", Conflict, Sender, None,
        "有附件尚未上传完成，或已过期；请重新上传后再提交。",
        "A file is not uploaded completely, or has expired; upload it again, then submit.";
    ATTACHMENT_TAKEN = "attachment_taken", Conflict, Sender, None,
        "附件已用于另一件信访件；请重新上传。",
        "The file belongs to another submission; upload it again.";
    LINK_REASON_OWED = "link_reason_owed", Invalid, Sender, None,
        "请写明认定重复的理由（1 到 {most} 个字符）。",
        "Give the reason why it is the same matter, 1 to {most} characters.";
    LINK_TO_ITSELF = "link_to_itself", Conflict, Sender, None,
        "信访件不能并入自身；请选择另一件。",
        "A submission is not its own repeat; choose another matter.";
    LINKED_ALREADY = "linked_already", Conflict, Sender, None,
        "该信访件已并入其他事项；请刷新页面。",
        "The submission is linked to a matter already; reload the page.";
    LINK_HAS_REPEATS = "link_has_repeats", Conflict, Office, None,
        "已有其他信访件并入该件；请把另一件并入它，而不是反过来。",
        "Others are linked to this submission; link the other one to it instead.";
    LINK_HANDED_OVER = "link_handed_over", Conflict, Office, None,
        "该信访件已转交承办单位；请先撤回，再认定重复。",
        "The submission lies with an agency; recall it first.";
    LINK_TARGET_LINKED = "link_target_linked", Conflict, Sender, None,
        "所选事项本身已并入其他事项；请选择最初的那一件。",
        "The chosen matter is itself a repeat; choose the first one.";
    LINK_TARGET_CLOSED = "link_target_closed", Conflict, Office, Some("Art. 35"),
        "所选事项已办结，不能再并入；请按新事项办理，或告知信访人申请复查。",
        "The chosen matter is closed; handle this one anew, or tell the petitioner of the review.";
    RIGHT_NOT_HERE_YET = "right_not_here_yet", NotHereYet, Agency, None,
        "登记服务尚未收到这件交转的通知，请稍候几秒再试；多次不行，请核对该件是否转给本单位。",
        "Intake has not heard of this assignment yet; try again in a few seconds, then check that it is yours.";
    RIGHT_RECALLED = "right_recalled", Forbidden, Office, Some("Art. 22"),
        "该交转件已被撤回，本单位不能再查阅或提交材料；如有疑问请联系联席办。",
        "The assignment was recalled: nothing of it may be opened or put any more; ask the office.";
    RIGHT_CLOSED = "right_closed", Forbidden, Agency, None,
        "该事项已办结，不能再查看联系方式或提交材料。",
        "The matter is closed: its contact is no longer opened and nothing more is put.";
    IDENTITY_STAYS = "identity_stays", Forbidden, Office, Some("Art. 30"),
        "该件不提供信访人身份：属检举控告、匿名，或信访人要求不予转告；需联系信访人时请通过联席办。",
        "The identity is not passed on: an accusation, an anonymous submission, or the petitioner's wish. Contact goes through the office.";
    AGENCY_KEY_MISSING = "agency_key_missing", Unavailable, Administrator, None,
        "单位“{agency}”没有登记封装公钥，无法安全提供材料；请管理员登记公钥后重试。",
        "Agency `{agency}` has no sealing key here, so nothing can be given safely; the administrator registers it.";
    PAPER_WRONG = "paper_wrong", Invalid, Agency, None,
        "文书内容无法识别或超过 256 KB；请检查后重新提交。",
        "The paper cannot be read or is above 256 KB; check it and put it again.";
    PAPER_ID_TAKEN = "paper_id_taken", Conflict, Agency, None,
        "该文书编号已用于另一份文书；请更换编号重新提交。",
        "This paper's id belongs to another paper; put it under a new id.";
    TOO_MANY_ASKED = "too_many_asked", TooLarge, Sender, None,
        "一次最多查询 {most} 件；请分批。",
        "At most {most} submissions are asked at once; ask in batches.";
    SEALED_UNREADABLE = "sealed_unreadable", Internal, Operator, None,
        "封存内容无法解封，未作任何更改；请运维人员检查密钥目录并核对备份。",
        "Sealed content cannot be opened; nothing was changed. The operator checks the key folder and the backup.";
    FILES_AWAY = "intake_files_away", Unavailable, Operator, None,
        "附件存储暂时不可用，请稍后重试；仍不行请联系运维人员检查磁盘。",
        "The store of files is away; try again, then tell the operator to look at the disk.";
    STORE_AWAY = "intake_store_away", Unavailable, Operator, None,
        "登记数据库暂时不可用，未出具编号；请稍后用同一页面重试，不会重复登记。",
        "The store of intake is away and no number was given; try again from the same page, nothing is recorded twice.";
    DOCUMENT_DIFFERS = "document_differs", NotFound, Office, Some("Art. 21"),
        "登记编号与所持证件对不上，未补发查询码。请核对编号和证件号码；登记时未留证件号码的，请凭回执或其他材料另行核实。",
        "The number and the document shown do not go together, so no code was given. Compare both; where no document was recorded at registration, verify by other means.";
    CODE_TRIES_SPENT = "code_tries_spent", TooMany, Office, Some("Art. 21"),
        "该件今天的补发或核对次数已用完（补发 {given} 次，核对不符 {wrong} 次）；请明天再办，或报联席办主任。",
        "No more today for this submission: at most {given} new codes and {wrong} comparisons that fail; come again tomorrow, or ask the director.";
    EMAIL_SHAPE = "email_shape", Invalid, Sender, None,
        "电子邮箱“{field}”的写法不对；请改正，或留空。",
        "The mail address in `{field}` cannot be right; correct it or leave it empty.";
    STORE_FAULT = "intake_store_fault", Internal, Operator, None,
        "登记服务内部出错，请联系运维人员。",
        "The store of intake failed; tell the operator.";
}

/// A store error as a refusal; logged here, once, without any value.
#[must_use]
pub fn store(error: &StoreError) -> Refusal {
    if error.is_transient() {
        tracing::warn!(%error, "the store is away");
        return STORE_AWAY.refuse();
    }
    tracing::error!(%error, "the store failed");
    STORE_FAULT.refuse()
}

/// A seal that does not open as a refusal; logged here, once.
#[must_use]
pub fn sealed(error: &SealError) -> Refusal {
    tracing::error!(%error, "sealed content cannot be opened");
    SEALED_UNREADABLE.refuse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_without_fault() {
        let own = web::errors_doc::ErrorSection { owner: "intake", defs: ALL };
        assert_eq!(web::errors_doc::faults(&[own]), Vec::<String>::new());
    }
}
