//! How an agency's node says no. Codes are published: they never change their meaning.

use kernel::{ErrorDef, ErrorKind, Refusal, WhoActs};

macro_rules! errors {
    ($($name:ident = $code:literal, $kind:ident, $acts:ident, $article:expr, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub static $name: ErrorDef = ErrorDef {
            code: $code, kind: ErrorKind::$kind, acts: WhoActs::$acts, article: $article, zh: $zh, en: $en,
        };)*
        /// Every refusal of an agency's node.
        pub static ALL: &[&ErrorDef] = &[$(&$name,)*];
    };
}

errors! {
    NO_SUCH_TASK = "no_such_task", NotFound, Sender, None,
        "没有这件交转件，或它不属于您的单位；请核对编号。",
        "There is no such task, or it is not your unit's; check the number.";
    TASK_NOT_ALLOWED = "task_not_allowed", Forbidden, Administrator, None,
        "您的岗位不能办理此事；如确需办理，请联系本单位管理员授权。",
        "Your role may not do this; ask your administrator for the right.";
    HEAD_SIGNS = "head_signs", Forbidden, Agency, Some("Art. 32"),
        "处理意见书须由单位负责人签发；请提交单位负责人办理。",
        "An opinion is signed by the head of the unit; hand it to the head.";
    PAPER_OWED_ON_BEHALF = "paper_owed_on_behalf", Invalid, Office, None,
        "代录须附单位的纸质件扫描件；请先上传扫描件。",
        "To record a step for an agency, attach the scan of its paper first.";
    ON_BEHALF_NOT_YOURS = "on_behalf_not_yours", Invalid, Sender, None,
        "本单位自己办理时不附“代录”纸质件；请清空该栏后提交。",
        "The agency's own people attach no paper of a recorded step; clear the field.";
    ON_BEHALF_NOT_NEEDED = "on_behalf_not_needed", Forbidden, Office, None,
        "该单位在系统内自行办理，联席办不能代录；请通知该单位办理。",
        "This agency works in the system itself; the office may not record its steps. Ask the agency.";
    TASK_STALE = "task_stale", Conflict, Sender, None,
        "这件交转件刚被他人更新（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "Somebody changed the task meanwhile (now version {found}); reload, check and submit again.";
    TASK_WRONG_STATE = "task_wrong_state", Conflict, Sender, Some("Art. 23"),
        "当前状态为“{state}”，不能进行“{event}”；请刷新页面查看下一步。",
        "In state `{state}` the step `{event}` is not possible; reload to see the next step.";
    TASK_RECALLED = "task_recalled", Conflict, Office, Some("Art. 22"),
        "联席办已撤回此件（原因：{reason}），请停止办理；如有疑问，请与联席办联系。",
        "The office took this task back (reason: {reason}); stop handling it, and ask the office if in doubt.";
    DATE_IN_FUTURE = "step_in_future", Invalid, Sender, None,
        "日期不能晚于今天（{today}）；请改正。",
        "The date lies after today ({today}); correct it.";
    DATE_TOO_EARLY = "step_too_early", Invalid, Sender, None,
        "日期不能早于 {earliest}（上一步的日期）；请改正。",
        "The date lies before {earliest}, the day of the step before; correct it.";
    TEXT_OWED = "paper_field_owed", Invalid, Sender, Some("Art. 32"),
        "请填写“{field}”，该项不能为空。",
        "Fill in `{field}`; it must not be empty.";
    TEXT_TOO_LONG = "paper_field_too_long", TooLarge, Sender, None,
        "“{field}”最多 {most} 个字；请精简后提交。",
        "`{field}` takes at most {most} characters; shorten it.";
    TEXT_UNREADABLE = "paper_field_unreadable", Invalid, Sender, None,
        "“{field}”含有无法保存的字符；请删除后提交。",
        "`{field}` holds a character that cannot be stored; remove it.";
    PAPER_TOO_LONG = "paper_too_long", TooLarge, Sender, None,
        "文书全文超过 {most_kib} KiB；请精简，材料作为附件另行提交。",
        "The paper is longer than {most_kib} KiB; shorten it.";
    CLAIMS_NOT_ANSWERED = "claims_not_answered", Invalid, Sender, Some("Art. 32"),
        "处理意见须逐项答复诉求，每项一次：应答复第 {asked} 项，收到第 {answered} 项。",
        "An opinion answers each claim exactly once: asked {asked}, answered {answered}.";
    IDENTITY_IN_PROOF = "identity_in_proof", Invalid, Sender, None,
        "送达凭据中不能出现身份证号码；请写“本人签收”等，删除号码。",
        "The proof of service must hold no identity number; remove it.";
    CLOSE_CODE_NOT_FOR_CLASS = "close_code_not_for_class", Invalid, Sender, Some("Art. 31"),
        "此类事项不能以“{code}”办结；请按事项类别选择办结方式。",
        "A matter of this class does not close with `{code}`; choose one that fits it.";
    CLOSE_CODE_NOT_OF_OPINION = "close_code_not_of_opinion", Invalid, Sender, Some("Art. 32"),
        "办结方式“{code}”与处理意见书的结论不一致；请改正。",
        "Close code `{code}` does not agree with the outcomes of the opinion; correct it.";
    REPORT_OWED = "report_owed", Invalid, Sender, Some("Art. 22"),
        "交办件办结须附办结报告；请填写。",
        "A task under a 交办 closes with a report; write it.";
    CONTACT_WITHHELD = "contact_withheld", Forbidden, Office, Some("Art. 30"),
        "此件不随转身份信息（检举控告、信访人要求保密，或协办件未随转）；确需联系，请通过联席办转达。",
        "This matter travels without identity (an accusation, the petitioner's wish, or a co-agency's task); go through the office.";
    CONTACT_AFTER_CLOSING = "contact_after_closing", Conflict, Office, None,
        "此件已办结，不再提供联系方式；确需联系，请通过联席办转达。",
        "The task is closed and the contact is no longer given; go through the office.";
    PURPOSE_NOT_YOURS = "purpose_not_an_agencys", Invalid, Sender, None,
        "承办单位查看的用途只能是办理、联系信访人或出具送达文书；请重新选择。",
        "An agency looks for handling, contacting or serving; choose one of these purposes.";
    ATTACHMENT_NOT_NAMED = "attachment_not_named", Invalid, Sender, None,
        "请指明要查看哪一个附件；查看正文或联系方式时不填附件。",
        "Name the file that you want to open; name none for the text or the contact.";
    NO_SUCH_ORDER = "no_such_received_order", NotFound, Sender, None,
        "没有这份督办函，或它不是发给您的单位的；请刷新页面。",
        "There is no such order, or it is not your unit's; reload the page.";
    ORDER_STALE = "received_order_stale", Conflict, Sender, None,
        "这份督办函刚被他人更新（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "Somebody changed the order meanwhile (now version {found}); reload, check and submit again.";
    ORDER_WRONG_STATE = "received_order_wrong_state", Conflict, Sender, Some("Art. 40"),
        "督办函当前状态为“{state}”，不能进行“{event}”；请刷新页面。",
        "In state `{state}` the order's step `{event}` is not possible; reload to see where it stands.";
    NO_SUCH_PAPER = "no_such_task_paper", NotFound, Sender, None,
        "此件没有这份文书；请刷新页面。",
        "This task has no such paper; reload the page.";
    SEAL_UNREADABLE = "agency_seal_unreadable", Internal, Operator, None,
        "密封内容无法打开（{why}）；请联系运维人员核对本单位密钥。",
        "Sealed content cannot be opened ({why}); the operator checks the agency's keys.";
    FOREIGN_CONTENT = "foreign_content", Internal, Operator, None,
        "收到的内容不属于此件，已拒收；请联系运维人员。",
        "What came does not belong to this matter and was refused; tell the operator.";
    PAPER_ALTERED = "paper_altered", Internal, Operator, None,
        "内容库保存的文书与提交的不一致，未登记；请联系运维人员。",
        "The content store holds another text than was sent; nothing was recorded. Tell the operator.";
    COMPETENCE_DECIDED = "competence_decided", Conflict, Office, Some("Art. 24"),
        "管辖争议已有书面决定，本件不能再提出异议；请依决定办理。",
        "Competence was decided in writing; this task can no longer be objected to. Handle it as decided.";
    PROPOSES_ITSELF = "proposes_itself", Invalid, Sender, Some("Art. 23"),
        "建议的有权处理单位不能是本单位；请选择其他单位或留空。",
        "The unit held for competent cannot be this one; choose another, or none.";
    CO_TASK = "co_task", Conflict, Agency, Some("Art. 24"),
        "本件为协办件，由主办单位（{lead}）告知并答复信访人；请在时限内提交协办意见。",
        "This is a co-agency's task: the lead ({lead}) notifies and answers the petitioner. Send your part by its day.";
    LEAD_TASK = "lead_task", Conflict, Agency, Some("Art. 24"),
        "本件由您的单位主办，不提交协办意见；请出具处理意见书答复信访人。",
        "Your unit leads this case and sends no part; answer the petitioner with an opinion.";
    CO_PARTS_MISSING = "co_parts_missing", Conflict, Agency, Some("Art. 24"),
        "协办单位 {units} 的意见未到，不能答复信访人；请催办，或请联席办解除协办。",
        "The parts of {units} are not here, so the petitioner cannot be answered; urge them, or ask the office to release them.";
    CO_PART_NOT_HERE = "co_part_not_here", NotFound, Agency, Some("Art. 24"),
        "该协办单位的意见尚未提交，或已解除协办；请刷新页面。",
        "That unit's part has not come, or the unit was released; reload the page.";
    NO_DRAFT = "no_part_draft", NotFound, Sender, None,
        "尚无协办意见草稿，或已提交主办单位；请刷新页面。",
        "There is no draft of a part, or it was sent; reload the page.";
    NO_LIMIT_TO_EXTEND = "no_limit_to_extend", Conflict, Sender, Some("Art. 34"),
        "只有信访程序（R6）的办理期限可以延长；本件没有该期限。",
        "Only the sixty days of route R6 can be extended; this task has no such limit.";
    EXTENSION_TOO_LONG = "extension_too_long", Invalid, Sender, Some("Art. 34"),
        "延长期限须为 1 至 {most} 日；请改正。",
        "An extension is 1 to {most} days; correct it.";
    EXTENSION_TOO_LATE = "extension_too_late", Conflict, Agency, Some("Art. 34"),
        "办理期限已于 {legal_on} 届满，不能再延长；请尽快出具意见。",
        "The limit ended on {legal_on} and can no longer be extended; issue the opinion.";
    NO_SUCH_INVITATION = "no_such_invitation", NotFound, Sender, None,
        "没有这份会议通知，或它不是发给您的单位的；请刷新页面。",
        "There is no such invitation, or it is not your unit's; reload the page.";
    INVITATION_STALE = "invitation_stale", Conflict, Sender, None,
        "会议通知刚有更新（现为第 {found} 版）；请刷新页面，核对时间地点后重新提交。",
        "The invitation was changed meanwhile (now version {found}); reload, check time and place, and submit again.";
    INVITATION_OVER = "invitation_over", Conflict, Office, None,
        "会议已取消或纪要已审定，不再接收回复和意见；如有疑问，请与联席办联系。",
        "The meeting was called off or its minutes are fixed; no reply or position is taken any more. Ask the office if in doubt.";
    REPLY_REASON_OWED = "reply_reason_owed", Invalid, Sender, None,
        "请假须选择原因；请选择后提交。",
        "A declined invitation owes its reason; choose one.";
    NOT_ASKED_FOR_POSITION = "not_asked_for_position", Invalid, Sender, Some("Art. 24"),
        "此议题不需要您的单位提交书面意见；请从列表中选择。",
        "Your unit's position is not asked for on this item; choose one of the list.";
    NO_TASK_OF_MATTER = "no_task_of_matter", NotHereYet, Sender, None,
        "本单位还没有收到这件信访事项的交转件，无法密封保存文书；请稍候重试，或将纸质件送联席办登记。",
        "No task of this matter has come to your unit yet, so the paper cannot be sealed; wait and try again, or hand it to the office on paper.";
    NO_SUCH_RESOLUTION_TASK = "no_such_received_task", NotFound, Sender, None,
        "没有这份交办单，或它不是发给您的单位的；请刷新页面。",
        "There is no such task of a resolution, or it is not your unit's; reload the page.";
    RESOLUTION_TASK_STALE = "received_task_stale", Conflict, Sender, None,
        "这份交办单刚被他人更新（现为第 {found} 版）；请刷新页面，核对后重新提交。",
        "Somebody changed the task meanwhile (now version {found}); reload, check and submit again.";
    RESOLUTION_TASK_WRONG_STATE = "received_task_wrong_state", Conflict, Sender, Some("Art. 12"),
        "交办单当前状态为“{state}”，不能进行“{event}”；请刷新页面。",
        "In state `{state}` the task's step `{event}` is not possible; reload to see where it stands.";
    NO_SUCH_WEBHOOK = "no_such_webhook", NotFound, Sender, None,
        "没有这个推送地址，或它不属于您的单位；请刷新页面。",
        "There is no such address, or it is not your unit's; reload the page.";
    WEBHOOK_NOT_ALLOWED = "webhook_not_allowed", Forbidden, Administrator, None,
        "推送地址由本单位负责人或管理员设置；请联系他们。",
        "The head or the administrator of the unit names addresses for announcements; ask them.";
    WEBHOOK_STALE = "webhook_stale", Conflict, Sender, None,
        "这个推送设置刚被他人更改（现为第 {found} 版）；请刷新页面后重试。",
        "Somebody changed this address or announcement meanwhile (now version {found}); reload and try again.";
    WEBHOOK_ADDRESS = "webhook_address", Invalid, Sender, None,
        "请填写完整的网址（https://…，不含账号密码，最长 500 字节）。",
        "Give a whole address: `https://…`, without user or password, 500 bytes at most.";
    WEBHOOK_PLAIN = "webhook_plain", Invalid, Sender, None,
        "推送地址须以 https:// 开头；请改用加密连接。",
        "An address for announcements begins with `https://`; use an encrypted one.";
    WEBHOOK_CLOSED = "webhook_closed", Invalid, Operator, None,
        "该地址在不允许推送的网络内（本机、内网或保留地址）；如确在政务内网，请运维人员设置 agency.webhook_targets。",
        "The address lies in a network that is not called (this machine, private or reserved); on a private government network the operator sets `agency.webhook_targets`.";
    WEBHOOK_TYPE = "webhook_type", Invalid, Sender, None,
        "没有这种交转件类型；请从列表中选择，全部推送则不选。",
        "There is no such type of dispatch; choose of the list, or none for all.";
    TOO_MANY_WEBHOOKS = "too_many_webhooks", Conflict, Sender, None,
        "每个单位最多 {most} 个推送地址；请停用后改用已有的。",
        "A unit has at most {most} addresses; use one of those that exist.";
    NO_SUCH_ANNOUNCEMENT = "no_such_announcement", NotFound, Sender, None,
        "没有这条推送记录，或它不属于您的单位；请刷新页面。",
        "There is no such announcement, or it is not your unit's; reload the page.";
    ANNOUNCEMENT_WAITS = "announcement_waits", Conflict, Sender, None,
        "这条推送正在等待自动重试，不必再次推送。",
        "This announcement waits for its next attempt by itself; there is nothing to send again.";
    STORE_AWAY = "agency_store_away", Unavailable, Operator, None,
        "本单位数据库暂时不可用，未作任何更改；请稍后重试，仍不行请联系运维人员。",
        "The agency's store is away; nothing was changed. Try again, then tell the operator.";
}

/// A store error as its caller hears it. What went wrong is logged here, once; it holds no petition text.
#[must_use]
pub fn store(error: &db::StoreError) -> Refusal {
    tracing::warn!(%error, "the agency's store failed");
    match error {
        db::StoreError::Corrupt { table, .. } if crate::store::sealed::TABLES.contains(table) => {
            SEAL_UNREADABLE.refuse().with("why", table)
        }
        _ => STORE_AWAY.refuse(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_both_texts_take_the_same_parameters() {
        let mut codes: Vec<_> = ALL.iter().map(|def| def.code).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
        for def in ALL {
            let params = |text: &str| {
                let mut names: Vec<_> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('}'))
                    .map(|(n, _)| n.to_owned())
                    .collect();
                names.sort_unstable();
                names
            };
            assert_eq!(params(def.zh), params(def.en), "{}", def.code);
        }
    }
}
