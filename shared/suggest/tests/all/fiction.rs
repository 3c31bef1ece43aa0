//! A small fictional office: region 99xxxx, four subjects, three places.

/// Subjects and how people speak of them.
pub const SUBJECTS: [(&str, [&str; 6]); 4] = [
    (
        "劳动",
        [
            "拖欠工资三个月",
            "包工头不发工钱",
            "社会保险没有缴纳",
            "加班费一直不给",
            "工伤没有人认定",
            "劳动合同不签",
        ],
    ),
    (
        "城建",
        ["小区电梯坏了", "路灯不亮", "违法建筑挡了采光", "物业乱收停车费", "下水道堵塞", "楼顶漏水没有人修"],
    ),
    ("教育", ["学校食堂太贵", "补课收费", "入学名额不够", "教师调动不公", "校车太少", "幼儿园学费上涨"]),
    (
        "环保",
        [
            "工厂夜里排废气",
            "河水发黑发臭",
            "养殖场污染水源",
            "噪声吵得睡不着",
            "垃圾露天焚烧",
            "粉尘落满窗台",
        ],
    ),
];
/// Places: county and a street within it.
pub const PLACES: [(&str, &str); 3] = [("东风县", "柳树街"), ("北原县", "钟楼街"), ("临河区", "码头街")];
const OPENINGS: [&str; 5] = ["您好，", "领导：", "我是居民，", "多次反映无果，", "请问"];
const ENDINGS: [&str; 4] = ["，请尽快解决。", "，盼回复！", "，怎么办？", "，谢谢。"];

/// One text of a subject and a place, another for each `turn`.
pub fn text(subject: usize, place: usize, turn: usize) -> String {
    let says = SUBJECTS[subject].1;
    let (county, street) = PLACES[place];
    let named =
        if turn.is_multiple_of(3) { String::new() } else { format!("{county}{street}{}号", turn % 90 + 10) };
    format!(
        "{}{named}{}，{}{}",
        OPENINGS[turn % 5],
        says[turn % 6],
        says[(turn / 2 + 1) % 6],
        ENDINGS[turn % 4]
    )
}

/// Texts with their subjects.
pub fn by_subject(each: usize) -> Vec<(String, String)> {
    let all =
        (0..each).flat_map(|turn| (0..4).map(move |s| (text(s, turn % 3, turn), SUBJECTS[s].0.to_owned())));
    all.collect()
}

/// Texts with the agency: the county where one is named, else the city's bureau of the subject.
pub fn by_agency(each: usize) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for turn in 0..each {
        for (subject, (name, _)) in SUBJECTS.iter().enumerate() {
            let place = (turn / 3 + subject) % 3;
            let label =
                if turn.is_multiple_of(3) { format!("市级:{name}局") } else { PLACES[place].0.to_owned() };
            all.push((text(subject, place, turn), label));
        }
    }
    all
}
