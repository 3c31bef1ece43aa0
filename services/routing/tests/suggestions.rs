//! What is learned from confirmed matters, and that everything works without it; on both databases.

use std::fs;

use contracts::{
    MessageKind,
    codes::{LearningEnd, MatterState, Purpose, SuggestionChange, SuggestionKind},
    routing::{
        MatterProposedV1, MatterScreenedV1, Proposal, ProposalUse, SuggestionsChangedV1,
        commands::{MatterView, Screen, ShowMatter},
        suggestions::{
            LearnNow, Seen, ShowAgreement, ShowSuggestions, SuggestionSwitch, SuggestionView,
            SuggestionsView, SwitchSuggestions, Uses, Why, WhyProposed,
        },
    },
};
use kernel::{MatterId, Refusal, Role};

use super::{
    fixtures::{day, forward_to, matter_id, screen_command},
    service::{World, on_both, registered},
};

const SCREENER: &[Role] = &[Role::Screener];
const DIRECTOR: &[Role] = &[Role::OfficeDirector];
const OFFICER: &[Role] = &[Role::RestrictedOfficer];

/// Matters from this number on have texts of two kinds; those before all have one.
const TAUGHT: u128 = 100;
const LESSONS: u128 = 24;

/// Masked text of a matter, as the stand-in of intake tells it.
pub fn text_of(id: MatterId) -> (String, String) {
    let n = (0..TAUGHT * 3).find(|n| matter_id(*n) == id).unwrap_or(0);
    if n < TAUGHT {
        return ("工地拖欠工资".to_owned(), "■■拖欠工资至今未付".to_owned());
    }
    let kind = if is_wages(n) { &WAGES } else { &NOISE };
    let at = usize::try_from(n / 2).unwrap_or(0);
    let (head, tail) = (kind[at % kind.len()], kind[(at / kind.len() + at + 1) % kind.len()]);
    (head.0.to_owned(), format!("{}。{}。", head.1, tail.1))
}

/// Near-identical letters would teach as one.
const WAGES: [(&str, &str); 6] = [
    ("木工班组讨薪", "包工头欠木工班组血汗钱，拖欠工资四个月，打了欠条就失联"),
    ("请帮忙要回工钱", "跟着老乡在项目上绑钢筋，完工结算时少给两万多，劳动监察登记后没有下文"),
    ("饭店不发工资", "在酒店后厨帮工半年，老板关门跑路，拖欠工资的有十几个服务员"),
    ("保洁员的加班费", "物业公司让我们节假日加班，从来不给加班费，问就说合同里没有"),
    ("装修队被欠薪", "给学校装修教室，暑假干完到现在工钱没结清，总包说劳务公司没开票"),
    ("讨要离职结算", "电子厂离职时扣了最后一个月工资，人事拖着不办结算"),
];
const NOISE: [(&str, &str); 6] = [
    ("半夜施工扰民", "楼旁搅拌机半夜浇筑混凝土，噪音大，老人孩子睡不着"),
    ("广场舞音响太吵", "每晚十点后广场上还放高音喇叭，震得窗户响，学生没法写作业"),
    ("夜市摊贩喧哗", "烧烤摊营业到凌晨，划拳喝酒，噪音不断，临街住户不敢开窗"),
    ("空调外机轰鸣", "商场楼顶机组整天轰鸣，检测超过分贝标准，要求加装隔音"),
    ("工厂夜间排风", "板材厂夜里开风机，嗡嗡声传到村里，一宿一宿睡不好"),
    ("道路破挖声", "路面破碎锤清早五点就敲，扰民多日，希望限定作业时段"),
];

fn is_wages(n: u128) -> bool {
    n.is_multiple_of(2)
}

impl World {
    async fn of(&self, n: u128) -> MatterView {
        self.ask(SCREENER, &ShowMatter { matter_id: matter_id(n) }).await.expect("view")
    }

    async fn proposed(&self, n: u128) -> MatterView {
        self.arrives(&registered(n, false), MessageKind::Fact).await;
        self.settle().await;
        self.of(n).await
    }

    /// Screened as a person would, and handed over.
    async fn confirmed(&self, n: u128) {
        let view = self.proposed(n).await;
        let mut command = Screen { matter_id: matter_id(n), ..screen_command(view.version) };
        if !is_wages(n) {
            command.category = Some("urban.noise".to_owned());
        }
        command.hand_over = Some(forward_to(if is_wages(n) { "renshe" } else { "shifu" }));
        self.ask(SCREENER, &command).await.expect("screened");
    }

    async fn taught(&self) {
        for n in TAUGHT..TAUGHT + LESSONS {
            self.confirmed(n).await;
        }
        self.ask(DIRECTOR, &LearnNow {}).await.expect("asked");
        self.learn().await;
    }

    async fn learn(&self) {
        while self.parts.learning.step().await.expect("a step") > 0 {}
        while self.parts.learning.step().await.expect("a step") > 0 {}
        self.settle().await;
    }

    async fn suggestions(&self) -> SuggestionsView {
        self.ask(DIRECTOR, &ShowSuggestions {}).await.expect("shown")
    }

    async fn switch(
        &self,
        roles: &[Role],
        switch: SuggestionSwitch,
        in_use: Option<i64>,
    ) -> Result<SuggestionView, Refusal> {
        self.ask(roles, &SwitchSuggestions { kind: SuggestionKind::Category, switch, in_use }).await
    }

    async fn why(&self, roles: &[Role], n: u128) -> Result<Why, Refusal> {
        self.ask(roles, &WhyProposed { matter_id: matter_id(n) }).await
    }
}

fn is_learned(proposal: &Proposal) -> bool {
    proposal.reasons.iter().any(|r| r.rule == "learned")
}

#[tokio::test]
async fn it_learns_from_confirmed_matters_when_somebody_asks_and_proposes_by_it() {
    on_both(|world| async move {
        assert_eq!(world.ask(SCREENER, &LearnNow {}).await.expect_err("no").code, "not_suggestion_keeper");
        world.ask(DIRECTOR, &LearnNow {}).await.expect("asked");
        assert!(world.ask(DIRECTOR, &LearnNow {}).await.expect("asked again").under_way);
        world.learn().await;
        let none = world.suggestions().await;
        assert!(!none.learning && none.kinds.iter().all(|k| k.in_use.is_none()));
        assert_eq!(none.kinds[0].last.as_ref().map(|l| (l.end, l.texts)), Some((LearningEnd::TooFew, 0)));
        assert_eq!(world.facts::<SuggestionsChangedV1>().await, [], "too few is no news");

        world.taught().await;
        let view = world.suggestions().await;
        for kind in &view.kinds {
            assert_eq!(kind.in_use, Some(1), "{kind:?}");
            assert_eq!(kind.versions[0].texts, i64::try_from(LESSONS).expect("few"));
            assert!(kind.versions[0].taken && kind.versions[0].figures.texts > 0);
            let (learned, rules) = (kind.versions[0].figures.first_right, kind.versions[0].rules_right);
            assert!(rules.is_some_and(|rules| rules <= learned), "the rules were tried too: {kind:?}");
        }
        let facts = world.facts::<SuggestionsChangedV1>().await;
        let learned =
            |kind| SuggestionsChangedV1 { kind, change: SuggestionChange::Learned, in_use: Some(1) };
        assert_eq!(facts, [learned(SuggestionKind::Category), learned(SuggestionKind::Agency)]);

        let view = world.proposed(TAUGHT + LESSONS + 1).await;
        assert_eq!(view.state, MatterState::Registered, "it proposes and does nothing else");
        assert_eq!(view.categories[0].code, "urban.noise", "{:?}", view.categories);
        assert!(is_learned(&view.categories[0]), "{:?}", view.categories);
        assert_eq!(view.agencies[0].code, "shifu", "as people do it, with what the register says of that");
        let rules: Vec<&str> = view.agencies[0].reasons.iter().map(|r| r.rule.as_str()).collect();
        assert_eq!(rules, ["off_line", "learned"]);
        // What travels names rules and numbers, never the petition's words or another matter.
        let fact = world.facts::<MatterProposedV1>().await.pop().expect("a proposal");
        let told = format!("{fact:?}");
        let other = matter_id(TAUGHT + 1).to_string();
        assert!(!told.contains("搅拌机") && !told.contains(&other), "{told}");
    })
    .await;
}

/// Screening, hand-over and proposals with no version, one that is switched off, and one whose file is damaged.
#[tokio::test]
async fn every_flow_works_without_it() {
    on_both(|world| async move {
        let by_rules = world.proposed(1).await;
        assert!(by_rules.categories.iter().chain(&by_rules.agencies).all(|p| !is_learned(p)));
        world.taught().await;
        let off = world.switch(DIRECTOR, SuggestionSwitch::Off, Some(1)).await.expect("off");
        assert!(off.off && off.in_use == Some(1));
        let agency = SwitchSuggestions {
            kind: SuggestionKind::Agency,
            switch: SuggestionSwitch::Off,
            in_use: Some(1),
        };
        world.ask(DIRECTOR, &agency).await.expect("off");
        let same = |view: &MatterView| {
            (view.categories.as_slice(), view.agencies.as_slice())
                == (by_rules.categories.as_slice(), by_rules.agencies.as_slice())
        };
        assert!(same(&world.proposed(2).await), "switched off: exactly what the rules say");
        assert_eq!(world.why(SCREENER, 2).await.expect("nothing more to say"), Why::default());
        world.confirmed(TAUGHT + LESSONS).await;
        assert_eq!(world.of(TAUGHT + LESSONS).await.state, MatterState::Forwarded);

        world.switch(DIRECTOR, SuggestionSwitch::On, Some(1)).await.expect("on");
        let file = world.folder.join("suggest/category/v0001.model");
        let whole = fs::read(&file).expect("a version");
        assert!(is_learned(&world.proposed(3).await.categories[0]), "on again");
        fs::write(&file, &whole[..whole.len() / 2]).expect("cut off");
        // Another process finds it so when it starts.
        let again = routing::suggester::Suggester::in_folder(&world.folder, Vec::new());
        again.read(SuggestionKind::Category).expect_err("damaged");
        assert!(again.now(SuggestionKind::Category).damaged);
        world.switch(DIRECTOR, SuggestionSwitch::Off, Some(1)).await.expect("off");
        let refused = world.switch(DIRECTOR, SuggestionSwitch::On, Some(1)).await.expect_err("damaged");
        assert_eq!(refused.code, "suggestion_files");
        assert!(world.suggestions().await.kinds[0].damaged);
        assert!(same(&world.proposed(4).await), "damaged: exactly what the rules say");
        world.confirmed(TAUGHT + LESSONS + 2).await;
    })
    .await;
}

#[tokio::test]
async fn who_switches_is_on_record_and_must_have_seen_what_is_in_use() {
    on_both(|world| async move {
        world.taught().await;
        for stranger in [SCREENER, OFFICER] {
            let refused = world.switch(stranger, SuggestionSwitch::Off, Some(1)).await.expect_err("no");
            assert_eq!(refused.code, "not_suggestion_keeper");
        }
        let stale = world.switch(DIRECTOR, SuggestionSwitch::Off, None).await.expect_err("stale");
        assert_eq!(stale.code, "suggestions_stale");
        let back = world.switch(DIRECTOR, SuggestionSwitch::Back, Some(1)).await.expect_err("first");
        assert_eq!(back.code, "no_earlier_version");
        world.ask(DIRECTOR, &LearnNow {}).await.expect("asked");
        world.learn().await;
        assert_eq!(world.suggestions().await.kinds[0].in_use, Some(2), "the same lessons are not worse");
        let back = world.switch(DIRECTOR, SuggestionSwitch::Back, Some(2)).await.expect("back");
        assert_eq!((back.in_use, back.can_go_back), (Some(1), false));
        world.switch(DIRECTOR, SuggestionSwitch::Off, Some(1)).await.expect("off");
        world.switch(DIRECTOR, SuggestionSwitch::Off, Some(1)).await.expect("as it is");
        let rows = world.outbox().await;
        let told: Vec<SuggestionsChangedV1> = rows
            .iter()
            .filter(|m| m.subject_id == "suggest-category")
            .filter_map(|m| m.decode().ok())
            .collect();
        use SuggestionChange::{Back, Learned, Off};
        assert_eq!(told.iter().map(|f| f.change).collect::<Vec<_>>(), [Learned, Learned, Back, Off]);
        assert_eq!(told[3].in_use, None);
        assert!(rows.iter().filter(|m| m.subject_id == "suggest-category").all(|m| m.by.is_some()));
    })
    .await;
}

/// A canary: an earlier matter that turned out an accusation is named to nobody, at once.
#[tokio::test]
async fn reasons_name_terms_and_only_earlier_matters_that_the_reader_may_open() {
    on_both(|world| async move {
        world.taught().await;
        let n = TAUGHT + LESSONS + 3;
        world.proposed(n).await;
        for stranger in [&[Role::Leader], &[Role::Registrar], &[Role::Administrator]] {
            world.why(stranger, n).await.expect_err("not for those who only read");
        }
        let why = world.why(SCREENER, n).await.expect("why");
        let noise = &why.categories[0];
        assert_eq!(noise.code, "urban.noise", "{why:?}");
        let text = text_of(matter_id(n));
        assert!(!noise.terms.is_empty());
        assert!(noise.terms.iter().all(|t| text.0.contains(t) || text.1.contains(t)), "{noise:?}");
        assert_eq!(noise.earlier.len(), 3, "three at most: {noise:?}");
        let canary = noise.earlier[0].clone();
        assert_eq!(why.agencies[0].earlier[0], canary, "it was also handed over so");
        assert!(noise.earlier.iter().all(|e| e.matter_id != matter_id(n) && e.number.starts_with("XF")));

        // The office finds that it accuses somebody, and screens it anew.
        let view = world.ask(SCREENER, &ShowMatter { matter_id: canary.matter_id }).await.expect("open");
        world.recalled(&view).await;
        let view = world.ask(SCREENER, &ShowMatter { matter_id: canary.matter_id }).await.expect("open");
        let mut command = Screen { matter_id: canary.matter_id, ..screen_command(view.version) };
        (command.purpose, command.category, command.route) = (Purpose::Accusation, None, None);
        world.ask(SCREENER, &command).await.expect("restricted from now on");
        for reader in [SCREENER, DIRECTOR] {
            let told = format!("{:?}", world.why(reader, n).await.expect("why"));
            let id = canary.matter_id.to_string();
            assert!(!told.contains(&canary.number) && !told.contains(&id), "{told}");
        }
        // Nor does it teach, nor is it counted.
        world.ask(DIRECTOR, &LearnNow {}).await.expect("asked");
        world.learn().await;
        let texts = world.suggestions().await.kinds[0].versions[0].texts;
        assert_eq!(texts, i64::try_from(LESSONS).expect("few") - 1);
        // An accusation has no proposal, and nothing is asked of its text.
        world.arrives(&registered(2, true), MessageKind::Fact).await;
        world.settle().await;
        assert_eq!(world.why(OFFICER, 2).await.expect("nothing"), Why::default());
        assert_eq!(world.why(SCREENER, 2).await.expect_err("hidden").code, "no_such_matter");
    })
    .await;
}

#[tokio::test]
async fn a_screening_says_what_was_seen_and_agreement_counts_the_last_one_of_a_matter() {
    on_both(|world| async move {
        let view = world.proposed(1).await;
        let mut command = screen_command(view.version);
        command.hand_over = Some(forward_to("shifu"));
        command.seen = Some(Seen { category: Some("no.such".to_owned()), agency: None });
        let refused = world.ask(SCREENER, &command).await.expect_err("no code of the catalogue");
        assert_eq!(
            (refused.code.as_ref(), refused.field.as_deref()),
            ("unknown_category", Some("seen.category"))
        );
        command.hand_over = None;
        command.seen = Some(Seen { category: Some("urban.noise".to_owned()), agency: None });
        let changed = world.ask(SCREENER, &command).await.expect("overruled");
        (command.expected_version, command.seen) = (changed.version, None);
        command.hand_over = Some(forward_to("shifu"));
        world.ask(SCREENER, &command).await.expect("screened anew, as the matter's own proposal says");
        let uses: Vec<_> = world.facts::<MatterScreenedV1>().await;
        let uses: Vec<_> = uses.iter().map(|f| (f.proposal, f.agency_proposal)).collect();
        assert_eq!(
            uses,
            [(ProposalUse::Overruled, None), (ProposalUse::Taken, Some(ProposalUse::Overruled)),]
        );
        let view = world.proposed(2).await;
        let mut none = Screen { matter_id: matter_id(2), ..screen_command(view.version) };
        none.seen = Some(Seen::default());
        world.ask(SCREENER, &none).await.expect("nothing was proposed");

        let asked = ShowAgreement::default();
        assert_eq!(world.ask(SCREENER, &asked).await.expect_err("no").code, "not_suggestion_keeper");
        let found = world.ask(DIRECTOR, &asked).await.expect("counted");
        assert_eq!(found.categories.len(), 1);
        let wages = &found.categories[0];
        assert_eq!(wages.category, "labour.wages");
        assert_eq!(wages.uses, Uses { proposed: 1, taken: 1, overruled: 0, none: 1 });
        assert_eq!(found.agencies, Uses { proposed: 1, taken: 0, overruled: 1, none: 0 });
        let long_ago = ShowAgreement { from: Some(day("2020-01-01")), to: Some(day("2020-12-31")) };
        assert_eq!(world.ask(DIRECTOR, &long_ago).await.expect("counted").categories, []);
        let upside_down = ShowAgreement { from: Some(day("2026-12-31")), to: Some(day("2026-01-01")) };
        let refused = world.ask(DIRECTOR, &upside_down).await.expect_err("no period");
        assert_eq!(refused.code, "period_upside_down");
    })
    .await;
}

#[tokio::test]
async fn by_itself_it_learns_once_a_day_and_when_enough_is_new() {
    on_both(|mut world| async move {
        world.parts.learning.after = i64::try_from(LESSONS).expect("few");
        for n in TAUGHT..TAUGHT + LESSONS - 1 {
            world.confirmed(n).await;
        }
        world.learn().await;
        assert!(world.suggestions().await.kinds[0].last.is_none(), "one is lacking");
        world.confirmed(TAUGHT + LESSONS - 1).await;
        world.learn().await;
        assert_eq!(world.suggestions().await.kinds[0].versions.len(), 1);
        for n in 0..LESSONS {
            world.confirmed(TAUGHT + LESSONS + n).await;
        }
        world.learn().await;
        assert_eq!(world.suggestions().await.kinds[0].versions.len(), 1, "not twice on a day");
        let trail = world.outbox().await;
        assert!(trail.iter().filter(|m| m.subject_id == "suggest-category").all(|m| m.by.is_none()));
    })
    .await;
}
