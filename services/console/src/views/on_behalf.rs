//! 代录: the office records an agency's step from its paper (agencies without computers).

use serde::Serialize;

use super::{
    Page, board::Tab, chrome::Chrome, matter::MatterHead, register::KeptFile, steps::StepForm,
    supervision::OrderItem,
};

/// The on-behalf form. The paper's fields stand inside the step's form.
#[derive(Clone, Debug, Serialize)]
pub struct OnBehalfPage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the matter.
    pub back_href: String,
    /// The matter.
    pub matter: MatterHead,
    /// The agency that took the step.
    pub agency: String,
    /// The steps that are possible now, as links (texts `step-form-*`).
    pub steps: Vec<Tab>,
    /// The form of the chosen step; none where the task waits for no step.
    pub next: Option<StepForm>,
    /// Orders to the agency, each with the forms that record its paper.
    pub orders: Vec<OrderItem>,
    /// Why the last paper about an order was refused, in the page's language.
    pub order_problem: Option<String>,
    /// The paper that proves it.
    pub paper: PaperFields,
}

impl Page for OnBehalfPage {
    const TEMPLATE: &'static str = "on_behalf.html";
}

/// The scanned paper behind a step recorded for an agency.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PaperFields {
    /// The scan is missing or refused, in the page's language.
    pub problem: Option<String>,
    /// A scan taken with an earlier try.
    pub kept: Option<KeptFile>,
}
