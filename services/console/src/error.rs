//! How the console says no. Codes are published: they never change their meaning.

use db::StoreError;
use kernel::{ErrorDef, ErrorKind, Refusal, WhoActs};

macro_rules! errors {
    ($($name:ident = $code:literal, $kind:ident, $acts:ident, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub static $name: ErrorDef = ErrorDef {
            code: $code, kind: ErrorKind::$kind, acts: WhoActs::$acts, article: None, zh: $zh, en: $en,
        };)*
        /// Every refusal of the console.
        pub static ALL: &[&ErrorDef] = &[$(&$name,)*];
    };
}

errors! {
    WRONG_LOGIN = "wrong_login", Unauthenticated, Sender,
        "账号或密码不正确，或该账号已停用。请核对后重试；忘记密码请联系管理员重置。",
        "Login or password is wrong, or the account is disabled. Check both; an administrator can issue a new password.";
    PASSWORD_TO_CHANGE = "password_to_change", Forbidden, Sender,
        "这是管理员签发的初始密码，请先在“我的账号”中修改密码再办理业务。",
        "This password was issued by an administrator: change it under “My account” before you go on.";
    LOGIN_SHAPE = "login_shape", Invalid, Sender,
        "账号须为 2—40 位小写字母、数字、点、短横或下划线，并以字母开头。",
        "A login is 2 to 40 lower-case letters, digits, dots, hyphens or underscores and begins with a letter.";
    LOGIN_TAKEN = "login_taken", Conflict, Sender,
        "账号“{login}”已存在，请换一个。",
        "The login `{login}` is taken; choose another.";
    DISPLAY_SHAPE = "display_shape", Invalid, Sender,
        "请填写 1—60 字的显示姓名，不含控制字符。",
        "The name shown has 1 to 60 characters and no control characters.";
    ROLES_OWED = "roles_owed", Invalid, Sender,
        "请至少选择一个角色。",
        "Choose at least one role.";
    ROLE_OF_OTHER_PLACE = "role_of_other_place", Invalid, Sender,
        "角色“{role}”不属于该单位，请改选。",
        "The role `{role}` does not exist at this unit; choose another.";
    PASSWORD_TOO_SHORT = "password_too_short", Invalid, Sender,
        "密码至少 {min} 个字符；建议用一句容易记住的话。",
        "A password has at least {min} characters; a sentence is easy to remember.";
    PASSWORD_TOO_LONG = "password_too_long", Invalid, Sender,
        "密码过长，请控制在 {max} 字节以内。",
        "The password is too long; at most {max} bytes.";
    PASSWORDS_DIFFER = "passwords_differ", Invalid, Sender,
        "两次输入的密码不一致，请重新输入。",
        "The two passwords differ; type them again.";
    NO_SUCH_ACCOUNT = "no_such_account", NotFound, Sender,
        "没有这个账号，请刷新用户列表。",
        "There is no such account; reload the list.";
    STALE_ACCOUNT = "stale_account", Conflict, Sender,
        "该账号刚被他人修改，请刷新后重试。",
        "Somebody changed the account meanwhile; reload and try again.";
    LAST_ADMINISTRATOR = "last_administrator", Conflict, Administrator,
        "这是最后一个可用的系统管理员，不能停用或撤销其角色；请先另设一名管理员。",
        "This is the last administrator; appoint another one first.";
    FIRST_RUN_OVER = "first_run_over", NotFound, Administrator,
        "首次使用链接无效、已过期或已使用。请重新启动以获取新链接，或用 lianxi user add 新建账号。",
        "The first-run link is not valid, has expired or was used. Restart for a new one, or use lianxi user add.";
    AGENCY_TO_NAME = "agency_to_name", Invalid, Sender,
        "请指明代录的承办单位（agency）。",
        "Name the agency whose step you record (`agency`).";
    BAD_ID = "bad_id", NotFound, Sender,
        "编号格式不正确，请核对。",
        "This is no valid id; check it.";
    BAD_CURSOR = "bad_cursor", Invalid, Sender,
        "翻页标记无效，请从第一页重新开始。",
        "The cursor is not valid; begin with the first page.";
    UNKNOWN_FILTER = "unknown_filter", Invalid, Sender,
        "筛选条件“{field}”的取值“{value}”无效，请从列表中选择。",
        "The filter `{field}` has no value `{value}`; choose one of the list.";
    NO_SUCH_MATTER_HERE = "matter_not_here", NotFound, Sender,
        "没有这件信访事项，或者它不在您的查看范围内；刚登记的请稍候几秒。",
        "There is no such matter, or it is not yours to see; one just registered arrives in a few seconds.";
    FILE_NAME_OWED = "file_name_owed", Invalid, Sender,
        "请提供文件名（1—200 字）。",
        "Name the file (1 to 200 characters).";
    EMPTY_FILE = "empty_file", Invalid, Sender,
        "文件是空的，请重新选择。",
        "The file is empty; choose another.";
    SCOPES_OWED = "scopes_owed", Invalid, Sender,
        "请至少选择一项权限范围。",
        "Choose at least one scope.";
    SCOPE_BEYOND_ROLES = "scope_beyond_roles", Invalid, Sender,
        "权限范围“{scope}”超出所选角色，或不能授予接口密钥；请改选。",
        "The scope `{scope}` lies beyond the roles chosen, or is none that a key may have; choose others.";
    KEY_DAYS = "key_days", Invalid, Sender,
        "密钥有效期须为 1 到 {most} 天。",
        "A key is good for 1 to {most} days.";
    NO_SUCH_KEY = "no_such_key", NotFound, Sender,
        "没有这个接口密钥；请刷新列表。",
        "There is no such API key; load the list again.";
    PERSON_OWED = "person_owed", Forbidden, Sender,
        "此操作须由本人登录后办理，接口密钥不能代办。",
        "A person who is signed in does this; an API key may not.";
    KEY_HAS_NO_PASSWORD = "key_has_no_password", Conflict, Sender,
        "这是接口密钥的账号，不能设密码或启用；请另建密钥。",
        "This is the account of an API key: it has no password and is not enabled again; make another key.";
    IF_MATCH_SHAPE = "if_match_shape", Invalid, Sender,
        "If-Match 须为读取该数据时收到的 ETag；请重新读取后再提交。",
        "If-Match is the ETag that came with what was read; read it again, then send.";
    IDEMPOTENCY_KEY_SHAPE = "idempotency_key_shape", Invalid, Sender,
        "请求号须为 1—100 位字母、数字或短横、下划线、点、冒号。",
        "An idempotency key is 1 to 100 letters, digits or any of `-_.:`.";
    NO_CLOCK_HAND = "no_clock_hand", NotFound, Sender,
        "这里的业务时钟不能拨动；只有演示环境可以向前拨一天（day）、一周（week）或到下一个到期日（next）。",
        "The business clock cannot be moved here; the demo alone moves it, on by a `day`, a `week` or to the `next` due date.";
    NOTHING_DUE = "nothing_due", Conflict, Sender,
        "看板上此后没有到期的事项，可改按天或按周前进。",
        "Nothing on the board falls due after today; move on by a day or a week instead.";
    STORE_AWAY = "console_store_away", Unavailable, Operator,
        "控制台数据库暂时不可用，未作任何更改；请稍后重试，仍不行请联系运维人员。",
        "The store of the console is away; nothing was changed. Try again, then tell the operator.";
    BUSY = "console_busy", Unavailable, Sender,
        "登录人数较多，请几秒后重试。",
        "Too many people are signing in; try again in a few seconds.";
    OPEN311_JURISDICTION = "open311_jurisdiction", NotFound, Sender,
        "此处只受理辖区 {own} 的请求；请改用该代码或不填 jurisdiction_id。",
        "This endpoint serves jurisdiction {own} alone; send that code, or no `jurisdiction_id`.";
    OPEN311_KEY = "open311_key", Forbidden, Sender,
        "提交请求须带有效的 api_key（权限范围 open311）；请向联席办系统管理员申请。",
        "A request needs a valid `api_key` with the scope `open311`; the office's administrator issues it.";
    OPEN311_NO_SUCH_SERVICE = "open311_no_such_service", NotFound, Sender,
        "没有这个 service_code；请先读取 services 列表。",
        "There is no such `service_code`; read the list of services first.";
    OPEN311_NOT_A_REQUEST = "open311_not_a_request", Forbidden, Petitioner,
        "检举控告和非一般服务事项不在此提交；请通过信访网上平台或到接待场所提出。",
        "Accusations and matters that are no ordinary service request do not come this way; use the portal or the counter.";
    OPEN311_NO_LIST = "open311_no_list", Forbidden, Sender,
        "不提供请求列表：任何人不得浏览他人的信访事项；请用登记编号和查询码逐件查询。",
        "There is no list of requests: nobody browses petitions. Ask for one by its number and query code.";
    OPEN311_QUERY_CODE = "open311_query_code", Invalid, Sender,
        "请提供回执上的查询码：参数 query_code，或“编号~查询码”。",
        "Send the query code of the receipt: the parameter `query_code`, or `<number>~<code>` as the id.";
    OPEN311_FORM_OWED = "open311_form_owed", Invalid, Sender,
        "请以 application/x-www-form-urlencoded 提交；不接收文件，材料请通过网上平台提交。",
        "Send `application/x-www-form-urlencoded`; files are not taken here, the portal takes them.";
    OPEN311_DESCRIPTION_OWED = "open311_description_owed", Invalid, Sender,
        "请填写 description（问题和请求）。",
        "Fill in `description`: what is wrong and what is asked for.";
    OPEN311_PLACE_OWED = "open311_place_owed", Invalid, Sender,
        "请提供地点：address_string、address_id，或 lat 和 long。",
        "Say where: `address_string`, `address_id`, or `lat` and `long`.";
    OPEN311_PLACE_SHAPE = "open311_place_shape", Invalid, Sender,
        "“{field}”有误：lat、long 须成对且为度数，地区须取自服务定义。",
        "`{field}` is wrong: `lat` and `long` come together, in degrees; a region is one of the service definition.";
    OPEN311_NAME_OWED = "open311_name_owed", Invalid, Sender,
        "留联系方式须同时留姓名（last_name、first_name）；匿名提交请都不填。",
        "Who leaves a phone or an email leaves a name too (`last_name`, `first_name`); leave out all to stay anonymous.";
    OPEN311_DOUBTFUL = "open311_doubtful", Invalid, Sender,
        "请核对：{doubts}；确认无误请加 warnings_confirmed=true 重新提交，尚未登记。",
        "Check: {doubts}. If it is right, send the same with `warnings_confirmed=true`; nothing was recorded.";
}

/// A store error as the caller sees it; the cause goes to the log.
#[must_use]
pub fn away(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the console's store failed");
    STORE_AWAY.refuse()
}
