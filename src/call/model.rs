//! Coded lists of calls (F§3.1, F§3.2). The codes are those of the open platform, so that records read the same there.

pub mod event;
pub mod number;
pub mod phone;
pub mod record;
pub mod recording;
pub mod summary;
pub mod switch;

kernel::catalog! {
    /// 呼叫类型: what a record of a call is (F§3.1). Inbound and outbound are main records, all others child legs.
    pub enum CallType {
        Inbound = 0, "inbound", "呼入", "Inbound";
        Outbound = 1, "outbound", "呼出", "Outbound";
        /// B talked with the customer's agent A, who did not confirm the transfer.
        TransferConsult = 21, "transfer_consult", "转接咨询", "Transfer consultation";
        /// A confirmed, or a transfer straight to a group reached B.
        TransferAgent = 22, "transfer_agent", "转接客服", "Transfer to agent";
        /// The leg between the customer and a third party.
        TransferThird = 23, "transfer_third", "转接第三方", "Transfer to third party";
        /// From the moment at which B's phone rings.
        ConsultAgent = 11, "consult_agent", "咨询客服", "Consulted agent";
        ConsultThird = 12, "consult_third", "咨询第三方", "Consulted third party";
        Monitor = 3, "monitor", "监听", "Monitoring";
        Barge = 4, "barge", "强插通话", "Barge-in";
        Forced = 5, "forced", "强拆通话", "Forced disconnect";
    }
}

kernel::catalog! {
    /// 通话结果: how a record of a call ended (F§3.2). 30 to 32 stand only on legs to a third party.
    pub enum CallResult {
        AgentAnswered = 10, "agent_answered", "坐席接听", "Agent answered";
        RangOut = 11, "rang_out", "振铃未接听", "Rang, not answered";
        IvrAbandoned = 12, "ivr_abandoned", "IVR放弃", "Left in IVR";
        QueueAbandoned = 13, "queue_abandoned", "排队放弃", "Left in queue";
        OffDuty = 14, "off_duty", "非工作时间", "Out of service hours";
        InboundPhoneFault = 15, "inbound_phone_fault", "呼入话机异常", "Inbound phone fault";
        InboundNetworkFault = 16, "inbound_network_fault", "呼入网络异常", "Inbound network fault";
        QueueTimeout = 17, "queue_timeout", "排队超时", "Queue timeout";
        QuickHangup = 18, "quick_hangup", "客户速挂", "Customer hung up at once";
        CustomerAnswered = 20, "customer_answered", "客户接听", "Customer answered";
        CustomerNoAnswer = 21, "customer_no_answer", "客户未接听", "Customer did not answer";
        OutboundPhoneFault = 25, "outbound_phone_fault", "呼出话机异常", "Outbound phone fault";
        OutboundNetworkFault = 26, "outbound_network_fault", "呼出网络异常", "Outbound network fault";
        ThirdAnswered = 30, "third_answered", "第三方接听", "Third party answered";
        ThirdUnreachable = 31, "third_unreachable", "第三方无法接通", "Third party unreachable";
        ThirdRangOut = 32, "third_rang_out", "第三方振铃未接听", "Third party rang, not answered";
        PoweredOff = 770, "powered_off", "客户关机", "Phone off";
        Suspended = 771, "suspended", "客户停机", "Number suspended";
        Unreachable = 772, "unreachable", "客户暂时无法接通", "Temporarily unreachable";
        Engaged = 773, "engaged", "客户正在通话中", "Customer is talking";
        Vacant = 774, "vacant", "空号", "Number does not exist";
        Rejected = 781, "rejected", "客户拒接", "Customer rejected";
    }
}

kernel::catalog! {
    /// 挂断方: who ended a leg (F§3.1, F§12).
    pub enum Ender {
        System = 0, "system", "系统超时挂断", "System";
        Agent = 1, "agent", "客服挂断", "Agent";
        Customer = 2, "customer", "客户挂断", "Customer";
        /// A's leg once the call has gone to B.
        Transfer = 3, "transfer", "转接挂断", "Transfer";
        /// A's leg when a supervisor disconnected the call.
        Forced = 4, "forced", "强拆挂断", "Forced disconnect";
        /// The third party's leg when that side hung up.
        Third = 5, "third", "第三方挂断", "Third party";
    }
}

kernel::catalog! {
    /// 接听方式: on what an agent takes calls (F§3.5).
    pub enum AnswerWay {
        Web = 1, "web", "网页电话", "Web phone";
        Sip = 2, "sip", "SIP话机", "SIP phone";
        Mobile = 3, "mobile", "手机", "Mobile";
    }
}

kernel::catalog! {
    /// 业务线: whose call it is. Both keep their records in the same place, by the same rules.
    pub enum BusinessLine {
        CallCenter = 0, "call_center", "呼叫中心客服", "Call center";
        Telemarketing = 1, "telemarketing", "电销客服", "Telemarketing";
    }
}

kernel::catalog! {
    /// 排队状态: what became of the wait (F§3.1); abandoned is 3 and 4 together.
    pub enum QueueState {
        None = 1, "none", "未排队", "Not queued";
        Connected = 2, "connected", "排队成功", "Connected";
        Timeout = 3, "timeout", "排队超时", "Timed out";
        Left = 4, "left", "排队放弃", "Left";
    }
}

kernel::catalog! {
    /// 是否转接: set only once the other side picked up.
    pub enum TransferFlag {
        None = 0, "none", "未转接", "Not transferred";
        Consult = 1, "consult", "转接咨询", "Transfer consultation";
        Transferred = 2, "transferred", "转接", "Transferred";
    }
}

kernel::catalog! {
    /// 时间归属: the one bucket to which a stretch of somebody's time in a call belongs.
    pub enum Bucket {
        Ivr = 1, "ivr", "IVR", "IVR";
        Queue = 2, "queue", "排队", "Queue";
        Dial = 3, "dial", "外呼中", "Dialling";
        Ring = 4, "ring", "振铃", "Ringing";
        Talk = 5, "talk", "通话", "Talk with the customer";
        Hold = 6, "hold", "保持", "Hold";
        Consult = 7, "consult", "咨询", "Consultation";
        ThreeWay = 8, "three_way", "三方通话", "Three-way call";
        Monitor = 9, "monitor", "监听", "Monitoring";
        Voicemail = 10, "voicemail", "留言", "Voicemail";
    }
}

impl CallType {
    /// 主通话记录: whether a record of this type is the main one of its call.
    #[must_use]
    pub const fn is_main(self) -> bool {
        matches!(self, CallType::Inbound | CallType::Outbound)
    }

    /// Whether its other end is neither customer nor agent; only these have the results 30 to 32.
    #[must_use]
    pub const fn is_third(self) -> bool {
        matches!(self, CallType::ConsultThird | CallType::TransferThird)
    }
}

/// Where the records of a business line are listed.
#[must_use]
pub const fn address(line: BusinessLine) -> &'static str {
    match line {
        BusinessLine::CallCenter => "/calls/records",
        BusinessLine::Telemarketing => "/telemarketing/records",
    }
}
