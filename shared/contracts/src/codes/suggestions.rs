//! Code lists of what is proposed from a learned model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

codes! {
    /// 建议种类: what a learned version proposes.
    SuggestionKind {
        /// 内容分类
        Category = "category",
        /// 承办单位
        Agency = "agency",
    }
    /// What became of a kind's versions.
    SuggestionChange {
        /// 停用: the rules of the catalogue and the register propose alone.
        Off = "off",
        /// 启用
        On = "on",
        /// 退回上一版本
        Back = "back",
        /// 学习: a newcomer was not worse than the version in use and took over.
        Learned = "learned",
        /// 学习后未采用: a newcomer was worse on cases that it had not seen.
        Kept = "kept",
    }
    /// 学习结果: how learning ended.
    LearningEnd {
        /// 采用新版本
        Taken = "taken",
        /// 沿用原版本
        Kept = "kept",
        /// 确认的事项太少
        TooFew = "too_few",
        /// 未完成: its files could not be read or written, or there are more codes than a version holds.
        Failed = "failed",
    }
}
