//! What can go wrong, in words for people. One row of `Problem` is the only place of a text: pages, the open platform
//! and the tests read it from here.

use crate::lang::Lang;
use serde::{Deserialize, Serialize};

/// Declares the `Problem` catalog: `Variant = "open-platform code", "key", "中文", "English"`.
macro_rules! problems {
    ($( $variant:ident = $code:literal, $key:literal, $zh:literal, $en:literal; )+) => {
        /// 错误提示: a text for people, with the code the open platform answers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Problem { $( #[doc = concat!($zh, ": ", $en)] $variant, )+ }

        impl Problem {
            /// Every row.
            pub const ALL: &'static [Problem] = &[$( Problem::$variant, )+];

            /// The code the open platform answers; `999999` where the original product has none.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Problem::$variant => $code, )+ }
            }

            /// The stable word on the wire and in addresses.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $( Problem::$variant => $key, )+ }
            }

            /// What happened and what to do.
            #[must_use]
            pub const fn text(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $( (Problem::$variant, Lang::Zh) => $zh, (Problem::$variant, Lang::En) => $en, )+
                }
            }

            /// The row with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Problem> {
                match key { $( $key => Some(Problem::$variant), )+ _ => None }
            }
        }
    };
}

problems! {
    // Any form.
    Required = "400004", "required", "请填写这一项", "Fill this in";
    TooLong = "400004", "too_long", "太长了，请缩短", "Too long: shorten it";
    BadChoice = "400004", "bad_choice", "请从列表里选择", "Choose one from the list";
    BadFormat = "400005", "bad_format", "格式不对", "The format is wrong";
    BadEmail = "400059", "bad_email", "邮箱格式不对，例如 you@company.com", "Not an e-mail address, such as you@company.com";
    BadPhone = "400004", "bad_phone", "电话号码格式不对，例如 138 0013 8000", "Not a phone number, such as +86 138 0013 8000";
    WholeNumber = "400004", "whole_number", "请输入完整号码", "Enter the whole number";
    BadDate = "400005", "bad_date", "日期格式不对，例如 2026-11-22", "Not a date, such as 2026-11-22";
    BadNumber = "400116", "bad_number", "请填写数字", "Enter a number";
    BadTimeZone = "400004", "bad_time_zone", "没有这个时区", "There is no such time zone";
    SameTime = "400005", "same_time", "开始和结束时间不能相同", "Start and end must differ";
    BadHours = "400005", "bad_hours", "看不懂这些时间，请写成 09:00-12:00, 13:30-18:00，不要重叠", "Not hours: write 09:00-12:00, 13:30-18:00, without overlap";
    BadPaths = "400005", "bad_paths", "有一行看不懂，请写成 一级/二级，最多 4 级，每级都要有字", "A line cannot be read: write first/second, at most four levels, none of them empty";
    BadDays = "400005", "bad_days", "有一行看不懂，请写成 2026-10-01~2026-10-07 国庆节，或 2026-10-10 09:00-18:00 调休", "A line cannot be read: write 2026-12-25 Christmas, or 2026-12-24 09:00-13:00 short day";
    NameTaken = "999999", "name_taken", "这个名称已被使用，请换一个", "This name is taken: choose another";
    Stale = "400057", "stale", "这份内容已被别人改过，请核对后再保存", "Somebody changed this meanwhile: compare and save again";
    TooFrequent = "400088", "too_frequent", "操作太频繁，请稍后再试", "Too many attempts: try again in a while";
    Busy = "999999", "busy", "服务器正忙，请稍后再试", "The server is busy: try again in a moment";
    Internal = "999999", "internal", "出错了，我们已记录下来。请重试，或把请求编号告诉管理员", "Something went wrong and was recorded. Try again, or give the request id to your administrator";
    NotFound = "999999", "not_found", "没有找到，它可能已被删除，或者您没有查看权限", "Not found: it may be deleted, or not yours to see";
    Forbidden = "400074", "forbidden", "您没有这项权限", "You do not have this permission";
    NotUnderstood = "400005", "not_understood", "请求看不懂，请检查参数", "The request cannot be read: check its arguments";
    SignInFirst = "900002", "sign_in_first", "请先登录", "Sign in first";
    SessionEnded = "900002", "session_ended", "登录已过期，刚才没有提交；内容都在，请再提交一次", "Your session had ended, so this was not saved. What you typed is still here: submit it again";

    // Open platform.
    TokenMissing = "900001", "token_missing", "请求头里没有 token", "There is no token in the headers";
    TokenInvalid = "900002", "token_invalid", "token 无效或已过期，请重新获取", "The token is invalid or has expired: get another";
    SignWrong = "900003", "sign_wrong", "签名不对，或者没有这个应用", "The signature is wrong, or there is no such application";
    CreateTimeStale = "900003", "create_time_stale", "create_time 与现在相差超过 10 分钟", "create_time is more than 10 minutes from now";
    ApiOff = "900004", "api_off", "公司没有开通这个接口", "The company has not opened this interface";
    AddressRefused = "900004", "address_refused", "这个 IP 不在应用的 IP 名单里", "This address is not in the application's list";
    TooManyCalls = "900005", "too_many_calls", "调用太频繁，请稍后再试", "Too many calls: wait a moment";
    ScopeMissing = "400074", "scope_missing", "应用没有这个接口范围", "The application does not have this scope";
    ScopeNotYours = "400074", "scope_not_yours", "这个应用会有您自己没有的权限，请让有这些权限的管理员来做", "The application would have permissions that you do not have: ask an administrator who has them";
    OperatorRequired = "400006", "operator_required", "请填写操作客服的 id", "Give the id of the agent who acts";
    OperatorUnknown = "400007", "operator_unknown", "没有这位客服，或者账号没有启用", "There is no such agent, or the account is not enabled";
    KeyUsed = "400088", "key_used", "这个 Idempotency-Key 已经用于另一个请求", "This Idempotency-Key was used for another request";
    StillRunning = "400088", "still_running", "同一个 Idempotency-Key 的请求还没有结果，请先查询它是否生效", "The request with this Idempotency-Key has no result yet: look whether it took effect";
    BadNetwork = "400004", "bad_network", "有一行不是 IP 或网段，例如 203.0.113.7 或 10.0.0.0/8", "A line is no address or network, such as 203.0.113.7 or 10.0.0.0/8";
    NoScope = "400004", "no_scope", "至少选择一个接口范围", "Choose at least one scope";
    TooManyApps = "999999", "too_many_apps", "最多 50 个应用，请先停用不用的", "At most 50 applications: revoke one you no longer use";
    CursorBad = "400005", "cursor_bad", "since 不是上一次返回的 next", "since is not the next of an earlier answer";

    // Accounts.
    SignInFailed = "900003", "sign_in_failed", "邮箱或密码不对，或者账号还不能登录", "E-mail or password is wrong, or the account cannot sign in yet";
    PasswordTooShort = "999999", "password_too_short", "密码至少 8 个字符，一句话也可以", "At least 8 characters; a sentence is fine";
    PasswordTooLong = "999999", "password_too_long", "密码最多 128 个字符", "At most 128 characters";
    PasswordTooWeak = "999999", "password_too_weak", "这个密码太容易猜到，请加长或换一个", "Too easy to guess: make it longer or choose another";
    PasswordsDiffer = "999999", "passwords_differ", "两次输入的密码不一样", "The two passwords differ";
    PasswordWrong = "999999", "password_wrong", "当前密码不对", "The current password is wrong";
    LinkInvalid = "999999", "link_invalid", "链接无效或已过期，请联系管理员重新发送", "The link is invalid or has expired: ask your administrator for a new one";
    ActivationFailed = "999999", "activation_failed", "激活失败：链接无效，或密码与账号密码不一致", "Activation failed: the link is invalid, or the password is not the account's";
    EmailTaken = "999999", "email_taken", "这个邮箱已经有账号了", "This e-mail address has an account already";
    AgentNotActivated = "310121", "agent_not_activated", "客服账号未激活!", "The agent account is not activated!";
    AgentDisabled = "310122", "agent_disabled", "客服账号已停用!", "The agent account is disabled!";
    NotOnYourself = "999999", "not_on_yourself", "不能对自己的账号这样做", "You cannot do this to your own account";
    LastSuperAdmin = "999999", "last_super_admin", "至少要保留一位启用中的超级管理员", "One enabled super admin must remain";
    RoleNotYours = "999999", "role_not_yours", "只有超级管理员可以这样做", "Only a super admin may do this";
    NotGrantable = "999999", "not_grantable", "这个角色不能拥有该权限项", "This role cannot be given this item";
    GroupInUse = "999999", "group_in_use", "还有客服或工单在使用，请先移走", "Agents or tickets still use it: move them first";
    SetupCodeWrong = "999999", "setup_code_wrong", "口令不对，请从启动日志里复制", "Wrong code: copy it from the start-up log";
    SetupDone = "999999", "setup_done", "这里已经有公司了", "A company exists here already";
    EmptyFile = "999999", "empty_file", "请选择一个文件", "Choose a file";
    CsvNoHeader = "999999", "csv_no_header", "第一行要有列名：邮箱、姓名", "The first line needs the column names: email, name";
    ConfigTooLarge = "999999", "config_too_large", "配置文件最大 1 MB", "A file of configuration may have at most 1 MB";
    ConfigRefused = "999999", "config_refused", "这个文件不能应用，原因写在下面", "The file cannot be applied; the reasons stand below";
    TooManyRows = "999999", "too_many_rows", "一次最多 1000 行", "At most 1,000 rows at a time";

    // Customers.
    ContactTaken = "999999", "contact_taken", "另一位客户已有这个邮箱或电话", "Another customer has this e-mail or phone";
    PartnerTaken = "999999", "partner_taken", "另一位客户已有这个对接ID", "Another customer has this integration id";
    MergeSelf = "999999", "merge_self", "不能与自己合并", "Cannot merge with itself";
    MergeUndone = "999999", "merge_undone", "这次合并已撤销，或之后又有新的合并", "This merge was undone already, or a later one builds on it";

    // Tickets.
    CategoryNotLeaf = "400008", "category_not_leaf", "请选择最下一级分类", "Choose a category of the lowest level";
    CategoryHasChildren = "400096", "category_has_children", "请先删除下级分类", "Delete its sub-categories first";
    CategoryInUse = "400096", "category_in_use", "已有工单使用这个分类，不能再加下级", "Tickets use this category: it cannot get sub-categories";
    CategoryTooDeep = "400096", "category_too_deep", "分类最多 5 级", "At most five levels of categories";
    CategoryUnderItself = "400130", "category_under_itself", "不能移到自己或自己的下级里", "Cannot move under itself or its own sub-categories";
    FieldInUse = "400004", "field_in_use", "还有工单模板在使用这个字段", "Templates still use this field";
    FieldsMissing = "400004", "fields_missing", "有关闭时必填的字段还没填，请打开工单填写", "Fields that are required on closing are empty: open the ticket and fill them in";
    FormLinkUnknown = "999999", "form_link_unknown", "这个填写链接无效，请从邮件里重新打开", "This link is not valid: open it again from the mail";
    FormExpired = "999999", "form_expired", "填写链接已过期", "The link has expired";
    FormOver = "999999", "form_over", "工单已关闭，不能再填写", "The ticket is closed: nothing can be filled in any more";
    NothingToFillIn = "999999", "nothing_to_fill_in", "这张工单的模板里没有由客户填写的字段", "The ticket's template has no field for its customer to fill in";
    GroupAgentMismatch = "400013", "group_agent_mismatch", "这位客服不在所选的受理组里", "This agent is not in the chosen group";
    NotYourGroup = "400013", "not_your_group", "您不在这张工单的受理组里：先把受理组改成您所在的组，或请管理员把您加入该组", "You do not work in this ticket's group: move the ticket to a group of yours first, or ask an administrator to add you";
    AgentsOnly = "400073", "agents_only", "您只能发送仅客服可见的回复", "You may only reply to agents";
    DescriptionTooLong = "400113", "description_too_long", "描述最多 5000 字", "At most 5,000 characters";
    UrgeNotNow = "400026", "urge_not_now", "这个状态的工单不能催单", "A ticket in this status cannot be urged";
    UrgeTooSoon = "400121", "urge_too_soon", "30 分钟内已催过，请稍后再催", "Urged within the last 30 minutes: wait a while";
    UrgeReasonRequired = "400122", "urge_reason_required", "请填写催单原因，最多 200 字", "Give a reason, at most 200 characters";
    AlreadyActivated = "400027", "already_activated", "这张工单没有结束，不需要激活", "This ticket is open: nothing to activate";
    DeletedNotActivated = "400028", "deleted_not_activated", "已删除的工单不能激活，请先恢复", "A deleted ticket cannot be activated: restore it first";
    ActivationReasonRequired = "400138", "activation_reason_required", "请填写激活原因，最多 200 字", "Give a reason, at most 200 characters";
    TicketDeleted = "400138", "ticket_deleted", "工单已在回收站，请先恢复", "The ticket is in the recycle bin: restore it first";
    TicketClosed = "999999", "ticket_closed", "工单已关闭，请新建工单或先激活", "The ticket is closed: create a new one, or activate this one first";
    ActivateFirst = "999999", "activate_first", "工单已结束，请先填写原因激活", "The ticket is finished: activate it with a reason first";
    AlreadyTaken = "400118", "already_taken", "这张工单已被别人接手", "Somebody else took this ticket already";
    TooManyViews = "999999", "too_many_views", "最多保存 30 个视图，请先删除不用的", "At most 30 views: delete one you no longer use";
    LinkSelf = "400168", "link_self", "不能关联自己", "A ticket cannot be linked to itself";
    LinkTwice = "400169", "link_twice", "已经关联过这张工单", "These tickets are linked already";
    LinkTooMany = "400170", "link_too_many", "最多关联 20 张工单", "At most 20 linked tickets";
    LinkUnknown = "400084", "link_unknown", "没有这个编号的工单", "There is no ticket with this number";
    NotAPicture = "999999", "not_a_picture", "请选择 PNG、JPEG、GIF 或 WebP 图片", "Choose a PNG, JPEG, GIF or WebP picture";
    FileTooLarge = "400064", "file_too_large", "单个附件最大 20 MB", "A file may have at most 20 MB";
    FileGone = "999999", "file_gone", "撤回的附件已经不在了，请重新选择", "A file that was taken back is gone, choose it again";
    FilesTooLarge = "400064", "files_too_large", "附件加起来最大 64 MB", "The files may have at most 64 MB together";
    TooMany = "999999", "too_many", "太多了", "Too many";
    BadGoal = "400004", "bad_goal", "看不懂这个时长，请写成 30m、4h 或 1h30m，最长 90 天", "Not a length of time: write 30m, 4h or 1h30m, at most 90 days";
    BadWebhookUrl = "999999", "bad_webhook_url", "请填写 https 地址，端口 443、80 或 1024 以上，不带用户名和密码", "Give an https address with port 443, 80 or above 1023, without user name and password";
    WebhookForbidden = "999999", "webhook_forbidden", "这个地址在内网，不能转发到那里", "This address lies in a private network, where nothing may be sent";
    WebhookTaken = "400119", "webhook_taken", "已有同名的消息转发，请换一个名称", "There is a subscription of this name: choose another";
    WebhookOff = "999999", "webhook_off", "这个消息转发已停用", "This subscription is switched off";
    ChooseFilter = "999999", "choose_filter", "请先按转发、状态、类型或日期筛选", "Filter by subscription, state, topic or day first";
    NoGoal = "400004", "no_goal", "至少填写一个目标时长", "Give at least one goal";
    PolicyTaken = "400119", "policy_taken", "已有同名的时效规则，请换一个名称", "There is an SLA policy of this name: choose another";
    TooManyTriggers = "999999", "too_many_triggers", "最多 100 个触发器，请先删除不用的", "At most 100 triggers: delete one you no longer use";
    BadShortcut = "999999", "bad_shortcut", "快捷词只能用汉字、字母和数字，最多 20 个", "A shortcut has letters and digits only, at most 20";
    ShortcutTaken = "999999", "shortcut_taken", "已有快捷回复或宏用这个快捷词", "A preset reply or macro has this shortcut already";
    NoAct = "999999", "no_act", "至少选择一项要做的事", "Choose at least one thing to do";
    TooManyPresets = "999999", "too_many_presets", "公共的最多 500 条，请先删除不用的", "At most 500 shared ones: delete one you no longer use";
    TooManyOwnPresets = "999999", "too_many_own_presets", "个人的最多 100 条，请先删除不用的", "At most 100 of your own: delete one you no longer use";
    TooManyFiles = "400066", "too_many_files", "最多 20 个附件", "At most 20 files";
    FileNameBad = "400125", "file_name_bad", "文件名不能含 #，最多 255 字符", "A file name has no # and at most 255 characters";
    TooLate = "999999", "too_late", "已经发出，不能撤回了", "It was sent already and cannot be taken back";

    // Calls.
    TooManyRecords = "999999", "too_many_records", "一次最多导出 200,000 条通话记录，请缩小范围", "At most 200,000 records at a time: narrow the filter";

    // Mail.
    AddressTaken = "400137", "address_taken", "这个邮箱地址已在使用", "This mailbox address is in use already";
    MailAuthFailed = "999999", "mail_auth_failed", "服务器拒绝了用户名或密码", "The server refused user name or password";
    MailUnreachable = "999999", "mail_unreachable", "连不上这台服务器，请检查地址、端口和加密方式", "The server cannot be reached: check address, port and encryption";

    // Phones.
    PhoneNone = "310120", "phone_none", "您没有启用的电话账号，请联系管理员", "You have no phone account in use: ask an administrator";
    ExtensionUnknown = "310120", "extension_unknown", "公司没有这个分机", "The company has no such extension";
    ExtensionTaken = "310123", "extension_taken", "这个分机已绑定其他客服", "This extension is bound to another agent";
    ExtensionInUse = "310123", "extension_in_use", "还有客服绑定着被去掉的分机，请先解绑", "An extension that was left out is bound to an agent: unbind it first";
    ExtensionNeeded = "310120", "extension_needed", "SIP话机要先绑定分机", "A SIP phone needs an extension";
    MobileNeeded = "310120", "mobile_needed", "手机接听要先在客服账号里填写电话", "To answer on a mobile, the account needs a telephone number";
    PhoneNotNow = "999999", "phone_not_now", "通话已经变化，现在不能这样做", "The call has moved on: this is not possible now";
    PhoneEngaged = "999999", "phone_engaged", "对方现在不空闲", "They are not free now";
    PhoneOffline = "999999", "phone_offline", "离线时不能打电话，请先切换状态", "You are offline: change your state first";
    SwitchTakesNoOrders = "999999", "switch_takes_no_orders", "这台交换机只上报事件，请在话机上操作", "This switch only tells what happens: use the phone itself";
    StateFormat = "999999", "state_format", "每行一个状态，写成“中文 | English”，计入工作的在后面加“ | 1”", "One state a line, as “中文 | English”, with “ | 1” behind what counts as work";
    WrapUpNotNow = "999999", "wrap_up_not_now", "现在没有后处理，或已延长到最长", "There is no after-call work now, or it cannot be longer";

    // Satisfaction.
    AlreadyRated = "400133", "already_rated", "这张工单已经评价过了", "This ticket was rated already";
    RatingExpired = "999999", "rating_expired", "评价链接已过期", "The rating link has expired";
    ScoreRequired = "999999", "score_required", "请选择一个评分", "Choose a score";
    ReasonRequired = "999999", "reason_required", "请至少选一个原因", "Choose at least one reason";
    ReasonFormat = "999999", "reason_format", "每行一个原因，写成“中文 | English”", "One reason a line, as “中文 | English”";
    NoWay = "400120", "no_way", "至少选择一种提醒方式", "Choose at least one way";
    NobodyToMail = "999999", "nobody_to_mail", "没有可以收信的邮箱", "There is nobody to write to";
    RatingLinkUnknown = "999999", "rating_link_unknown", "这个评价链接无效，请从邮件里重新打开", "This rating link is not valid: open it again from the mail";
    RemarkRequired = "999999", "remark_required", "请写几句说明", "Write a few words";
    GuideRequired = "400217", "guide_required", "引导语不能为空", "The guide text may not be empty";
    WordingRequired = "400218", "wording_required", "每个星级都要有说明", "Every level needs its wording";
    DaysOutOfRange = "999999", "days_out_of_range", "有效期为 1 至 30 天", "Between 1 and 30 days";
    RangeRequired = "400001", "range_required", "请填写时间范围", "Give a range of time";
    PageTooDeep = "999999", "page_too_deep", "最多翻到第 10,000 行，请缩小范围", "Pages reach 10,000 rows: narrow the range";
    RangeTooLong = "400003", "range_too_long", "时间范围最长 1 年", "At most one year";
    RangeReversed = "400002", "range_reversed", "结束日期不能早于开始日期", "The end cannot be before the start";
    ExportTooLarge = "999999", "export_too_large", "一次最多导出 200,000 张工单，请缩小范围", "At most 200,000 tickets at a time: narrow the filter";
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, out: S) -> std::result::Result<S::Ok, S::Error> {
        out.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Problem {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let key = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Problem::from_key(&key).ok_or_else(|| serde::de::Error::custom(format!("no problem {key:?}")))
    }
}

/// All problems of an input at once, each beside its field; the field `""` is the whole form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems(pub Vec<(String, Problem)>);

impl Problems {
    /// One problem of one field.
    #[must_use]
    pub fn one(field: &str, problem: Problem) -> Self {
        Problems(vec![(field.to_owned(), problem)])
    }

    /// Notes a problem beside a field.
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.push((field.to_owned(), problem));
    }

    /// Notes the problem when the condition does not hold.
    pub fn need(&mut self, holds: bool, field: &str, problem: Problem) {
        if !holds {
            self.add(field, problem);
        }
    }

    /// Notes an empty or overlong text: after trimming it must have 1 to `most` characters.
    pub fn text(&mut self, value: &str, field: &str, most: usize) {
        self.need(!value.trim().is_empty(), field, Problem::Required);
        self.at_most(value, field, most);
    }

    /// Notes an overlong text, in characters.
    pub fn at_most(&mut self, value: &str, field: &str, most: usize) {
        self.need(value.trim().chars().count() <= most, field, Problem::TooLong);
    }

    /// Ends a check: an error when anything was noted.
    ///
    /// # Errors
    /// `Error::Problems` with everything noted.
    pub fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Problems(self)) }
    }
}

/// Why a command or query did not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// The input is wrong; each problem stands beside its field.
    Problems(Problems),
    /// There is no such thing in this company, or not for this person: the same answer (S03).
    NotFound,
    /// The person lacks this permission.
    Forbidden(crate::permission::Permission),
    /// Nobody is signed in.
    SignInFirst,
    /// A pool or lock could not be had in time; retrying helps.
    Busy,
    /// Two transactions were in each other's way and this one was given up: done again, it works (D13).
    Contended,
    /// A bug or a broken surrounding: logged with its cause, shown as a request id.
    Internal(String),
}

/// Result of commands and queries.
pub type Result<T = ()> = std::result::Result<T, Error>;

impl Error {
    /// The problem people read when there is no field to put it beside.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Error::Problems(problems) => problems.0.first().map_or(Problem::Internal, |(_, problem)| *problem),
            Error::NotFound => Problem::NotFound,
            Error::Forbidden(_) => Problem::Forbidden,
            Error::SignInFirst => Problem::SignInFirst,
            Error::Busy | Error::Contended => Problem::Busy,
            Error::Internal(_) => Problem::Internal,
        }
    }

    /// Whether the same may work in a moment.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::Busy | Error::Contended)
    }

    /// The same problems beside other names: a form and the open platform call one thing differently.
    #[must_use]
    pub fn renamed(self, name: impl Fn(&str) -> &str) -> Error {
        match self {
            Error::Problems(problems) => {
                Error::Problems(Problems(problems.0.into_iter().map(|(field, problem)| (name(&field).to_owned(), problem)).collect()))
            }
            other => other,
        }
    }

    /// An internal error with its cause.
    pub fn internal(cause: impl core::fmt::Display) -> Error {
        Error::Internal(cause.to_string())
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Problems(Problems::one("", problem))
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Error::Problems(problems) => {
                let words: Vec<String> = problems
                    .0
                    .iter()
                    .map(|(field, problem)| if field.is_empty() { problem.key().to_owned() } else { format!("{field}: {}", problem.key()) })
                    .collect();
                f.write_str(&words.join(", "))
            }
            Error::Internal(cause) => write!(f, "internal: {cause}"),
            other => f.write_str(other.problem().key()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Error::NotFound,
            sqlx::Error::Database(cause) if matches!(cause.code().as_deref(), Some("40001" | "40P01")) => Error::Contended,
            other if is_passing(&other) => {
                tracing::warn!(error = %other, "the database did not answer as it should");
                Error::Busy
            }
            other => Error::internal(format!("database: {other}")),
        }
    }
}

/// Whether the same may work in a moment: the database is away, starts, stops, hands over to another node or is full
/// (F04).
#[cfg(feature = "ssr")]
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| {
            matches!(&*code, "25006" | "57014" | "57P01" | "57P02" | "57P03") || code.starts_with("08") || code.starts_with("53")
        }),
        _ => false,
    }
}

#[cfg(feature = "ssr")]
impl Error {
    /// Whether the database refused a row because of this constraint or unique index.
    #[must_use]
    pub fn broke(error: &sqlx::Error, constraint: &str) -> bool {
        matches!(error, sqlx::Error::Database(cause) if cause.constraint() == Some(constraint))
    }

    /// Turns the refusal by this constraint into a problem beside a field; everything else stays what it is.
    pub fn on_constraint(error: sqlx::Error, constraint: &str, field: &str, problem: Problem) -> Error {
        if Error::broke(&error, constraint) { Error::Problems(Problems::one(field, problem)) } else { error.into() }
    }
}

/// What a server function answers when it fails: codes only, never a cause (S50).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wire {
    /// The problems, each beside its field.
    pub problems: Problems,
}

impl From<Error> for Wire {
    fn from(error: Error) -> Self {
        match error {
            Error::Problems(problems) => Wire { problems },
            other => Wire { problems: Problems::one("", other.problem()) },
        }
    }
}

impl core::fmt::Display for Wire {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

impl core::str::FromStr for Wire {
    type Err = serde_json::Error;
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

impl leptos::server_fn::error::FromServerFnError for Wire {
    type Encoder = leptos::server_fn::codec::JsonEncoding;

    fn from_server_fn_error(error: leptos::server_fn::error::ServerFnErrorErr) -> Self {
        use leptos::server_fn::error::ServerFnErrorErr as Failed;
        let problem = match error {
            Failed::Args(_) | Failed::MissingArg(_) => Problem::NotUnderstood,
            _ => Problem::Internal,
        };
        Wire { problems: Problems::one("", problem) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lang, Problem};
    use std::collections::HashSet;

    #[test]
    fn keys_are_unique_and_texts_end_without_a_full_stop() {
        let keys: HashSet<_> = Problem::ALL.iter().map(|problem| problem.key()).collect();
        assert_eq!(keys.len(), Problem::ALL.len());
        for problem in Problem::ALL {
            for lang in Lang::ALL {
                assert!(!problem.text(lang).ends_with(['。', '.']), "{problem:?}");
            }
        }
    }
}
