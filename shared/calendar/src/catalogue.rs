//! 时限目录: what each limit is — whose duty, from which event to which, what may pause or lengthen it,
//! by which article. The numbers are not here: they are data in a policy [`crate::Profile`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    RuleId,
    rule::{Lang, Words},
};

/// Who owes the thing that a limit runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// 信访部门: the petition department.
    PetitionDepartment,
    /// 有权处理的机关、单位: the agency with power to decide.
    Agency,
    /// 信访人: the petitioner. The limit bounds a right; the rolled date alone counts, in their favour.
    Petitioner,
    /// 复查机关: the reviewing unit, next higher than the agency.
    ReviewingUnit,
    /// 复核机关: the re-reviewing unit, next higher than the reviewing one.
    RereviewingUnit,
    /// 收到建议的机关、单位: the unit that received one of the three proposals.
    ProposalAddressee,
    /// 各级机关、单位: every unit.
    EveryUnit,
}

impl Duty {
    /// The word for it.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::PetitionDepartment => ("信访部门", "the petition department"),
            Self::Agency => ("有权处理的机关、单位", "the competent agency"),
            Self::Petitioner => ("信访人", "the petitioner"),
            Self::ReviewingUnit => ("复查机关、单位", "the reviewing unit"),
            Self::RereviewingUnit => ("复核机关、单位", "the re-reviewing unit"),
            Self::ProposalAddressee => ("收到建议的机关、单位", "the unit that received the proposal"),
            Self::EveryUnit => ("各级机关、单位", "every unit"),
        };
        pick(lang, zh, en)
    }
}

/// How the end of a limit follows from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// So many days after the start.
    After,
    /// So many days after the start, by the tier of the petition department.
    AfterByTier,
    /// So many days before an event.
    Before,
    /// As many days as the letter of assignment names.
    Named,
    /// Without a number of days: "及时", hours by configuration.
    Promptly,
    /// Within the calendar year of the start.
    Yearly,
    /// No limit but a bar.
    Bar,
}

/// One row of the timer table.
#[derive(Debug)]
pub struct RuleDef {
    /// Its id.
    pub id: RuleId,
    /// Name, zh-CN.
    pub zh: &'static str,
    /// Name, English.
    pub en: &'static str,
    /// Whose duty it is.
    pub duty: Duty,
    /// How its end follows.
    pub shape: Shape,
    /// Start event, zh-CN and English.
    pub start: (&'static str, &'static str),
    /// Stop event, zh-CN and English.
    pub stop: (&'static str, &'static str),
    /// What pauses or lengthens it by law, zh-CN and English.
    pub pauses: (&'static str, &'static str),
    /// The article the duty follows from, of the 信访工作条例 (2022) unless the text says otherwise.
    pub article: &'static str,
}

const fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

impl RuleDef {
    /// Its name in a language.
    #[must_use]
    pub const fn name(&self, lang: Lang) -> &'static str {
        pick(lang, self.zh, self.en)
    }

    /// Its name in both.
    #[must_use]
    pub fn words(&self) -> Words {
        Words::new(self.zh, self.en)
    }

    /// Its start event in both.
    #[must_use]
    pub fn start_words(&self) -> Words {
        Words::new(self.start.0, self.start.1)
    }

    /// Its stop event in both.
    #[must_use]
    pub fn stop_words(&self) -> Words {
        Words::new(self.stop.0, self.stop.1)
    }
}

impl RuleId {
    /// The row of the catalogue.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one table, a row per rule")]
    pub const fn def(self) -> &'static RuleDef {
        match self {
            Self::T01 => &RuleDef {
                id: Self::T01,
                zh: "转送、交办时限",
                en: "forwarding or assigning a submission",
                duty: Duty::PetitionDepartment,
                shape: Shape::After,
                start: ("收到信访事项", "receipt of the submission"),
                stop: ("转送、交办或者报请决定", "forwarded, assigned or reported for decision"),
                pauses: ("无", "none"),
                article: "Art. 22",
            },
            Self::T01a => &RuleDef {
                id: Self::T01a,
                zh: "各级信访部门内部转送时限",
                en: "passing on within the petition departments",
                duty: Duty::PetitionDepartment,
                shape: Shape::AfterByTier,
                start: ("本级信访部门收到", "receipt at that tier"),
                stop: ("向下转送", "passed down"),
                pauses: ("无", "none"),
                article: "国信发〔2014〕16号 (repealed)",
            },
            Self::T02 => &RuleDef {
                id: Self::T02,
                zh: "直接收到信访事项的书面告知",
                en: "written notice to a petitioner who came directly",
                duty: Duty::Agency,
                shape: Shape::After,
                start: ("收到信访人直接提出的信访事项", "receipt of the submission"),
                stop: ("书面告知信访人", "written notice to the petitioner"),
                pauses: (
                    "能够当场告知的应当当场告知；姓名（名称）、住址不清的除外",
                    "on the spot where possible; not owed if name or address is unclear",
                ),
                article: "Art. 23",
            },
            Self::T03 => &RuleDef {
                id: Self::T03,
                zh: "转送、交办事项的书面告知",
                en: "written notice of receipt, route and procedure",
                duty: Duty::Agency,
                shape: Shape::After,
                start: ("收到转送、交办的信访事项", "receipt of the forwarded or assigned matter"),
                stop: (
                    "书面告知接收情况以及处理途径和程序",
                    "written notice of receipt, route and procedure",
                ),
                pauses: (
                    "无；涉及诉讼权利救济和检举控告的事项依其规定",
                    "none; litigation remedies and accusations follow their own rules",
                ),
                article: "Art. 23",
            },
            Self::T04 => &RuleDef {
                id: Self::T04,
                zh: "不属于职权范围的异议",
                en: "objection of an agency that is not competent",
                duty: Duty::Agency,
                shape: Shape::After,
                start: ("收到转送、交办的信访事项", "receipt of the forwarded or assigned matter"),
                stop: ("提出异议并详细说明理由", "objection lodged with detailed reasons"),
                pauses: ("无；书面告知的期限照常进行", "none; the limit for the notice goes on"),
                article: "Art. 23",
            },
            Self::T05 => &RuleDef {
                id: Self::T05,
                zh: "交办事项的指定办理期限",
                en: "limit named in the letter of assignment",
                duty: Duty::Agency,
                shape: Shape::Named,
                start: ("收到交办函", "receipt of the assignment"),
                stop: ("反馈结果并提交办结报告", "result and completion report returned"),
                pauses: ("仅交办机关可以延长", "only the assigner may lengthen it"),
                article: "Art. 22",
            },
            Self::T06 => &RuleDef {
                id: Self::T06,
                zh: "信访事项办理期限",
                en: "handling of a matter of Art. 31(6)",
                duty: Duty::Agency,
                shape: Shape::After,
                start: ("受理之日", "acceptance"),
                stop: ("出具信访处理意见书并开始送达", "opinion issued and service begun"),
                pauses: (
                    "情况复杂的，经本机关、单位负责人批准可以延长一次，不超过30日，并告知延期理由",
                    "if complex, lengthened once by at most 30 days with the head's approval, reasons told",
                ),
                article: "Art. 34",
            },
            Self::T07 => &RuleDef {
                id: Self::T07,
                zh: "请求复查的期限",
                en: "request for a review",
                duty: Duty::Petitioner,
                shape: Shape::After,
                start: ("收到书面答复之日", "receipt of the written opinion"),
                stop: ("请求复查", "review requested"),
                pauses: ("无", "none"),
                article: "Art. 35",
            },
            Self::T08 => &RuleDef {
                id: Self::T08,
                zh: "复查期限",
                en: "review",
                duty: Duty::ReviewingUnit,
                shape: Shape::After,
                start: ("收到复查请求之日", "receipt of the request"),
                stop: ("提出复查意见并书面答复", "written review opinion"),
                pauses: ("无（地方可另行规定）", "none in the statute (local rules may differ)"),
                article: "Art. 35",
            },
            Self::T09 => &RuleDef {
                id: Self::T09,
                zh: "请求复核的期限",
                en: "request for a re-review",
                duty: Duty::Petitioner,
                shape: Shape::After,
                start: ("收到复查意见之日", "receipt of the review opinion"),
                stop: ("请求复核", "re-review requested"),
                pauses: ("无", "none"),
                article: "Art. 36",
            },
            Self::T10 => &RuleDef {
                id: Self::T10,
                zh: "复核期限",
                en: "re-review",
                duty: Duty::RereviewingUnit,
                shape: Shape::After,
                start: ("收到复核请求之日", "receipt of the request"),
                stop: ("提出复核意见", "re-review opinion"),
                pauses: ("听证所需时间不计算在内", "the time of a hearing is not counted"),
                article: "Art. 36",
            },
            Self::T11 => &RuleDef {
                id: Self::T11,
                zh: "不再受理",
                en: "not accepted any more",
                duty: Duty::EveryUnit,
                shape: Shape::Bar,
                start: ("复核意见送达", "re-review opinion served"),
                stop: ("同一事实和理由再次提出", "same facts and reasons raised again"),
                pauses: ("新的事实、理由为新的信访事项", "fresh facts or reasons are a new matter"),
                article: "Art. 36",
            },
            Self::T12 => &RuleDef {
                id: Self::T12,
                zh: "三项建议的书面反馈",
                en: "written feedback on a proposal",
                duty: Duty::ProposalAddressee,
                shape: Shape::After,
                start: ("收到建议", "receipt of the proposal"),
                stop: ("书面反馈采纳情况", "written feedback on adoption"),
                pauses: ("无", "none"),
                article: "Art. 40",
            },
            Self::T13 => &RuleDef {
                id: Self::T13,
                zh: "简易办理：决定是否受理",
                en: "simple procedure: decision on acceptance",
                duty: Duty::Agency,
                shape: Shape::After,
                start: ("收到信访事项", "receipt"),
                stop: ("决定是否受理并告知", "decision"),
                pauses: ("不适用简易办理的事项除外", "not for matters outside the simple procedure"),
                article: "国信发〔2016〕8号",
            },
            Self::T14 => &RuleDef {
                id: Self::T14,
                zh: "简易办理：作出处理意见",
                en: "simple procedure: opinion",
                duty: Duty::Agency,
                shape: Shape::After,
                start: ("受理之日", "acceptance"),
                stop: ("作出处理意见", "opinion"),
                pauses: ("无", "none"),
                article: "国信发〔2016〕8号",
            },
            Self::T15 => &RuleDef {
                id: Self::T15,
                zh: "简易办理：中间层级转送",
                en: "simple procedure: passing on at a middle tier",
                duty: Duty::PetitionDepartment,
                shape: Shape::After,
                start: ("收到信访事项", "receipt"),
                stop: ("转送下一级", "passed on"),
                pauses: ("无", "none"),
                article: "国信发〔2016〕8号",
            },
            Self::T16 => &RuleDef {
                id: Self::T16,
                zh: "复查、复核申请的审查",
                en: "admission of a request for review or re-review",
                duty: Duty::ReviewingUnit,
                shape: Shape::After,
                start: ("收到复查、复核申请", "receipt of the request"),
                stop: ("书面告知受理或者不予受理及理由", "admitted, or refused in writing with reasons"),
                pauses: ("计入复查、复核期限", "runs inside the limit of the review"),
                article: "Arts 35, 36",
            },
            Self::T17 => &RuleDef {
                id: Self::T17,
                zh: "听证通知",
                en: "notice of a hearing",
                duty: Duty::Agency,
                shape: Shape::Before,
                start: ("听证举行之日", "day of the hearing"),
                stop: ("听证通知送达", "notice served"),
                pauses: ("无", "none"),
                article: "Art. 31(6)",
            },
            Self::T18 => &RuleDef {
                id: Self::T18,
                zh: "重大、紧急信访信息报告",
                en: "report of a major or urgent matter",
                duty: Duty::EveryUnit,
                shape: Shape::Promptly,
                start: ("知悉", "knowledge"),
                stop: ("报告、通报发出", "report sent"),
                pauses: ("无", "none"),
                article: "Art. 25",
            },
            Self::T19 => &RuleDef {
                id: Self::T19,
                zh: "年度考核与年度报告",
                en: "yearly assessment and yearly report",
                duty: Duty::PetitionDepartment,
                shape: Shape::Yearly,
                start: ("年度开始", "beginning of the year"),
                stop: ("考核、报告完成", "issued"),
                pauses: ("无", "none"),
                article: "Arts 39, 41",
            },
            Self::T20 => &RuleDef {
                id: Self::T20,
                zh: "满意度评价期",
                en: "window for the petitioner's rating",
                duty: Duty::Petitioner,
                shape: Shape::After,
                start: ("告知书、意见书送达", "notice or opinion served"),
                stop: ("评价或者逾期未评价", "rated, or lapsed"),
                pauses: ("无", "none"),
                article: "Art. 21",
            },
            Self::T21 => &RuleDef {
                id: Self::T21,
                zh: "登记",
                en: "registration",
                duty: Duty::PetitionDepartment,
                shape: Shape::After,
                start: ("收到信访事项", "receipt"),
                stop: ("登记完成", "registered"),
                pauses: ("无", "none"),
                article: "Art. 22",
            },
        }
    }
}
