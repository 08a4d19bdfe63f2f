//! 时效: how the clock of a ticket that is over next stands. What clocks are and by which rules they run is told by the slice
//! that keeps them; the ticket carries what its list shows.

kernel::catalog! {
    /// 时钟状态: how a clock stands.
    pub enum ClockState {
        Running = 1, "running", "计时中", "Running";
        Paused = 2, "paused", "已暂停", "Paused";
        Overdue = 3, "overdue", "已超时", "Overdue";
        Met = 4, "met", "已达成", "Met";
        Missed = 5, "missed", "超时完成", "Late";
    }
}

impl ClockState {
    /// Whether nothing changes it any more, unless the ticket is opened again.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, ClockState::Met | ClockState::Missed)
    }
}
