//! Who and what the demo speaks of: colleagues, groups, categories, customers, and the matters they write about.

use kernel::permission::Role;
use trigger::field::Field;
use trigger::model::{ActionKind, Moment, Operator};

/// Colleagues of the super admin: name, address, role.
pub const PEOPLE: &[(&str, &str, Role)] = &[
    ("赵敏", "zhaomin", Role::FullAdmin),
    ("周航", "zhouhang", Role::TicketAdmin),
    ("沈若溪", "shenruoxi", Role::TicketAgent),
    ("李雷", "lilei", Role::TicketAgent),
    ("韩梅梅", "hanmeimei", Role::TicketAgent),
    ("唐糖", "tangtang", Role::TicketAgent),
    ("Olivia Reed", "olivia", Role::TicketAgent),
    ("Marco Rossi", "marco", Role::FullAgent),
    ("王思齐", "wangsiqi", Role::TicketAgent),
    ("陈子墨", "chenzimo", Role::FullAgent),
    ("何静", "hejing", Role::TicketAgent),
];

/// Groups and who works in them, by place in the list of agents; the super admin is at place 0.
pub const GROUPS: &[(&str, &[usize])] = &[("售后一组", &[0, 2, 3, 4, 5]), ("售后二组", &[6, 9, 10, 11]), ("English team", &[7, 8])];

/// Categories, two levels.
pub const CATEGORIES: &[(&str, &[&str])] =
    &[("交易", &["支付异常", "退款"]), ("财务", &["发票", "对账"]), ("物流", &["退货", "配送"]), ("会员", &["积分", "账号"])];

/// 自定义字段 of the demo: what the customer answers, and why it happened, which closes a ticket.
pub const ORDER: &str = "订单号";
/// The second one, with its options.
pub const CAUSE: (&str, &[&str]) = ("问题原因", &["系统故障", "操作失误", "规则不清楚", "第三方原因"]);

/// 工单模板 of the demo: that of orders, with the categories of the first level that have it, and the default.
pub const TEMPLATES: (&str, &[&str], &str) = ("订单工单", &["交易", "物流"], "通用工单");

/// Customers who write Chinese.
pub const CUSTOMERS: &[&str] = &[
    "上海澄明科技",
    "杭州拾光设计",
    "孙立",
    "徐佳慧",
    "赵一凡",
    "刘畅",
    "陈嘉木",
    "高远",
    "苏晓",
    "深圳云帆贸易",
    "林知夏",
    "周予安",
    "许诺",
    "北京启明教育",
    "胡一鸣",
    "宋词",
    "罗晨",
    "成都蜀道物流",
    "蒋帆",
    "温晴",
    "方圆",
    "顾言",
    "程诺",
    "叶知秋",
    "邵阳",
    "南京梧桐文化",
    "孟夏",
    "秦川",
];

/// The place among them of one who is known by telephone only: no mail reaches them, and the link to rate is handed over.
pub const BY_PHONE: usize = 2;

/// Customers who write English; they follow the others in every list.
pub const CUSTOMERS_ABROAD: &[&str] = &["Emma Clarke", "Noah Fischer", "Lucía Gómez", "Yuki Tanaka", "Daniel Okafor", "Hanna Lindqvist"];

/// A trigger: name, moment (none of a timed one), condition, action.
type RuleWords = (&'static str, Option<Moment>, (Field, Operator, &'static str), (ActionKind, &'static str, &'static str));

/// 触发器 of the demo.
pub const RULES: &[RuleWords] = &[
    ("退款先处理", Some(Moment::Created), (Field::Content, Operator::Contains, "退款"), (ActionKind::Priority, "high", "")),
    (
        "VIP 客户提醒",
        Some(Moment::Created),
        (Field::CustomerLevel, Operator::AtLeast, "2"),
        (ActionKind::Note, "", "{{customer}} 是 VIP 客户，请在 30 分钟内回复。"),
    ),
    ("催过的升为紧急", Some(Moment::Updated), (Field::UrgeCount, Operator::AtLeast, "1"), (ActionKind::Priority, "urgent", "")),
    ("等了一天的催办", None, (Field::HoursWaiting, Operator::AtLeast, "24"), (ActionKind::Urge, "", "客户已经等了一天。")),
];

/// 工作时间 of the demo: name, hours of every day, special days.
pub const DUTY: (&str, &str, &str) = ("客服工作时间", "09:00-21:00", "2026-10-01~2026-10-03 国庆节");

/// 时效规则 of the demo: name, and the goals of each priority, the lowest first: first response, next response, solution.
pub const POLICY: (&str, [[&str; 3]; 4]) =
    ("标准时效", [["8h", "8h", "72h"], ["4h", "4h", "48h"], ["2h", "2h", "24h"], ["30m", "30m", "8h"]]);

/// 快捷回复 of the demo: folder, shortcut, title, words.
pub const REPLIES: &[(&str, &str, &str, &str)] = &[
    ("问候", "您好", "收到并会跟进", "{{customer}}您好，\n\n已收到您的问题（工单 {{number}}），我们正在核实，今天内回复您。\n\n{{agent}}"),
    (
        "退款",
        "退款",
        "退款时效说明",
        "{{customer}}您好，\n\n退款已经提交，原路退回：\n- 支付宝、微信 1 个工作日内到账\n- 银行卡 3 至 5 个工作日到账\n\n超过时间没有收到，请直接回复这封邮件。",
    ),
    (
        "退款",
        "发票",
        "请提供开票信息",
        "{{customer}}您好，\n\n请回复以下信息，我们在一个工作日内开好电子发票：\n1. 发票抬头\n2. 纳税人识别号\n3. 接收邮箱",
    ),
    (
        "物流",
        "物流",
        "正在联系物流",
        "{{customer}}您好，\n\n包裹停在同一站点已超过 48 小时，我们已经联系物流核查，有结果会第一时间告诉您。给您带来不便，非常抱歉。",
    ),
    ("物流", "订单", "请补充订单号", "{{customer}}您好，\n\n请在这里补充订单号，收到后马上为您核查：\n{{form}}"),
    (
        "结束",
        "确认",
        "请确认是否解决",
        "{{customer}}您好，\n\n您反映的“{{title}}”已经处理。如果还有问题，直接回复即可；没有的话，工单会在三天后自动关闭。",
    ),
    (
        "English",
        "hello",
        "We are looking into it",
        "Hello {{customer}},\n\nThank you for writing (ticket {{number}}). We are looking into it and will answer today.\n\n{{agent}}",
    ),
    (
        "English",
        "refund",
        "When a refund arrives",
        "Hello {{customer}},\n\nYour refund is on its way to the card you paid with. Banks take three to five working days. If it has not arrived by then, simply answer this mail.",
    ),
];

/// 宏 of the demo that ends a ticket: its name, and the words for the composer.
pub const SOLVED: (&str, &str) =
    ("已解决并请客户确认", "{{customer}}您好，\n\n“{{title}}”已经处理好了，请您看一下。还有问题直接回复就可以。");

/// 宏 of the demo that hands a ticket on: its name, the group's place, and the note.
pub const ESCALATED: (&str, usize, &str) = ("升级到售后二组", 1, "{{agent}} 升级：{{customer}} 的问题一线处理不了，请二组接手。");

/// What one ticket is about and how it goes.
#[derive(Debug)]
pub struct Matter {
    /// The title.
    pub title: &'static str,
    /// The customer's words.
    pub text: &'static str,
    /// What the agent asks first.
    pub question: &'static str,
    /// What the customer answers.
    pub answer: &'static str,
    /// How it ends.
    pub solution: &'static str,
    /// A note among colleagues.
    pub note: &'static str,
    /// Place of its category among the leaves.
    pub category: usize,
    /// Whether it is written in English.
    pub is_english: bool,
}

/// The matters.
pub const MATTERS: &[Matter] = &[
    Matter {
        title: "支付成功但订单一直显示待付款",
        text: "昨天下午付款成功，银行已扣款 268 元，订单页面一直显示待付款，请帮忙核实。",
        question: "您好，请提供一下订单号和付款截图上的流水号，我马上去核对。",
        answer: "订单号 DD20261103887，流水号在附件的截图里。",
        solution: "核对过了，银行回执晚到了 20 分钟，订单已改为已付款，今天会发货。给您添麻烦了。",
        note: "支付网关 14:20 到 14:45 有延迟，已经和财务对过账。",
        category: 0,
        is_english: false,
    },
    Matter {
        title: "同一笔订单被扣了两次款",
        text: "付款时页面卡住，我又点了一次，结果扣了两次 99 元。",
        question: "您好，两笔都看到了。请确认保留哪一笔？另一笔我们退回。",
        answer: "保留第一笔就行，谢谢。",
        solution: "第二笔已原路退回，1 至 3 个工作日到账。",
        note: "重复支付，退款单已提交财务。",
        category: 0,
        is_english: false,
    },
    Matter {
        title: "退款还没有到账",
        text: "客服说 3 个工作日到账，今天已经是第 5 天了。",
        question: "您好，麻烦告诉我退款时的支付方式，是微信还是银行卡？",
        answer: "银行卡，尾号 0417。",
        solution: "银行昨晚已入账，请您查一下账单；如果仍没有，凭这个回单号可以向银行查询：RF8841920。",
        note: "银行卡退款走的是老通道，较慢。",
        category: 1,
        is_english: false,
    },
    Matter {
        title: "部分退款的金额不对",
        text: "退了一件 159 元的衬衫，只退回来 139 元。",
        question: "您好，订单里有一张满减券，按比例分摊了。我再核一遍。",
        answer: "满减说明里没有写会分摊，请解释一下。",
        solution: "确实是规则没有写清楚，差额 20 元已补到您的账户余额，页面说明也已提请修改。",
        note: "第三次有人问满减分摊，建议改说明页。",
        category: 1,
        is_english: false,
    },
    Matter {
        title: "发票抬头开错，需要重开",
        text: "抬头应为公司全称，税号没有问题，麻烦重开一张。",
        question: "您好，请把营业执照上的公司全称发给我。",
        answer: "上海澄明信息科技有限公司。",
        solution: "已重新开具，新发票发到您的邮箱；旧发票已作废。",
        note: "原发票已冲红。",
        category: 2,
        is_english: false,
    },
    Matter {
        title: "电子发票一直没有收到",
        text: "上周申请的电子发票，邮箱里没有，垃圾箱里也没有。",
        question: "您好，请确认一下接收发票的邮箱地址。",
        answer: "地址没错，就是这个邮箱。",
        solution: "已重新发送，也可以在“我的订单—发票”里直接下载。",
        note: "对方邮箱拒收过一次大附件。",
        category: 2,
        is_english: false,
    },
    Matter {
        title: "如何导出上一季度的对账单",
        text: "财务需要 Excel 格式的对账单，在哪里导出？",
        question: "您好，请问您用的是企业账号还是个人账号？",
        answer: "企业账号，管理员是我。",
        solution: "在“财务—对账”里选好季度，点右上角的“导出”，几分钟后在“导出记录”里下载。",
        note: "企业版才有这个入口。",
        category: 3,
        is_english: false,
    },
    Matter {
        title: "对账单和实际付款差 0.01 元",
        text: "十月的对账单合计比我们系统多 1 分钱。",
        question: "您好，请把您那边的明细发来，我们逐笔对。",
        answer: "明细已发，共 214 笔。",
        solution: "第 87 笔是按比例分摊后的四舍五入，调整单已发出，合计一致了。",
        note: "分摊规则见财务手册第 4 节。",
        category: 3,
        is_english: false,
    },
    Matter {
        title: "退货标签在手机上打不开",
        text: "点开是空白页，换了浏览器也一样。",
        question: "您好，请问手机型号和浏览器是什么？",
        answer: "iPhone 13，系统自带浏览器。",
        solution: "链接格式有误，已修好。标签的图片也发给您了，直接打印即可。",
        note: "旧模板里的链接还没有更新。",
        category: 4,
        is_english: false,
    },
    Matter {
        title: "寄回的商品显示未签收",
        text: "退货三天前就送到仓库了，系统还是“运输中”。",
        question: "您好，请提供退货单号。",
        answer: "SF1330027718846。",
        solution: "仓库确认收到，已登记入库，退款今天发出。",
        note: "仓库周末没有扫描入库。",
        category: 4,
        is_english: false,
    },
    Matter {
        title: "快递三天没有更新",
        text: "物流信息停在转运中心，麻烦催一下。",
        question: "您好，已联系快递公司，稍后给您答复。收件电话没有变吧？",
        answer: "没有变。",
        solution: "包裹因分拣错误滞留，今天重新发出，预计明天送达。运费已退给您。",
        note: "快递公司工单号 88120。",
        category: 5,
        is_english: false,
    },
    Matter {
        title: "收到的包裹少了一件",
        text: "下单三件，箱子里只有两件，封条完好。",
        question: "您好，请拍一张箱子和面单的照片。",
        answer: "照片见附件，面单重量 1.2 公斤。",
        solution: "仓库漏装，缺的一件今天补发，单号稍后会发到您的手机。",
        note: "已请仓库复核称重记录。",
        category: 5,
        is_english: false,
    },
    Matter {
        title: "会员积分重复扣减",
        text: "兑换一次扣了两次积分，请退回一次。",
        question: "您好，正在查积分流水，请稍等。",
        answer: "好的，不急。",
        solution: "确认是重复扣减，500 积分已退回，另外赠送 50 积分表示歉意。",
        note: "兑换接口超时后重试了一次。",
        category: 6,
        is_english: false,
    },
    Matter {
        title: "生日积分没有到账",
        text: "上周生日，往年都有双倍积分，今年没有。",
        question: "您好，请确认资料里的生日是否填写正确。",
        answer: "填写的是农历，是这个原因吗？",
        solution: "是的，系统按公历发放。已为您手动补发，资料也改好了。",
        note: "资料页没有写明公历。",
        category: 6,
        is_english: false,
    },
    Matter {
        title: "更换手机号后无法登录",
        text: "新号码收不到验证码。",
        question: "您好，请问旧号码还能收短信吗？",
        answer: "旧号码已经停机了。",
        solution: "核实身份后已经换绑新号码，现在可以登录了。",
        note: "已按流程核对证件后四位。",
        category: 7,
        is_english: false,
    },
    Matter {
        title: "子账号看不到订单",
        text: "给同事开了子账号，登录后订单列表是空的。",
        question: "您好，请问子账号的角色是什么？",
        answer: "是“采购员”。",
        solution: "“采购员”默认只看自己下的订单，改为“采购主管”就能看到全部，已经帮您调整。",
        note: "权限说明写得不够清楚。",
        category: 7,
        is_english: false,
    },
    Matter {
        title: "Refund has not arrived",
        text: "It has been ten days since you confirmed the refund. Could you check?",
        question: "Hello, which card did you pay with? The last four digits are enough.",
        answer: "It ends with 7730.",
        solution: "The bank returned it because the card had expired. We sent it to your new card today; it takes two days.",
        note: "Bank return code 14.",
        category: 1,
        is_english: true,
    },
    Matter {
        title: "Cannot sign in after changing my phone",
        text: "The code never reaches my new number.",
        question: "Hello, do you still have access to your old number?",
        answer: "No, it was cancelled last month.",
        solution: "We checked your identity and moved the account to the new number. Signing in works now.",
        note: "Identity checked by passport.",
        category: 7,
        is_english: true,
    },
    Matter {
        title: "Parcel marked as delivered, but it is not here",
        text: "Tracking says delivered yesterday at 14:10. Nobody was at home and nothing is at the door.",
        question: "Hello, could you ask your neighbours while we call the carrier?",
        answer: "I asked; nobody has it.",
        solution: "The carrier left it at the pick-up point on Mill Road. It stays there for seven days; the code is 4471.",
        note: "Carrier ticket 55102.",
        category: 5,
        is_english: true,
    },
    Matter {
        title: "Invoice with our VAT number, please",
        text: "Our accountant needs the VAT number on the invoice of October.",
        question: "Hello, please send the VAT number and the company name as registered.",
        answer: "DE 312 448 190, Fischer Werkzeuge GmbH.",
        solution: "The corrected invoice is in your mailbox. The old one is void.",
        note: "VAT number verified.",
        category: 2,
        is_english: true,
    },
];
